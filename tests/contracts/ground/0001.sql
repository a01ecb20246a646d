-- Rows as the first revision kept them. They must read the same after every later one, so nothing
-- here is ever changed; a revision that adds a table or column may add a file of its own.
INSERT INTO client (id, name, created_at) VALUES
  ('01900000-0000-7000-8000-000000000001', 'Alte Partner GmbH', '2024-03-01 08:00:00+00');
INSERT INTO client_key (id, client_id, hash, prefix, last_four, scopes, created_at) VALUES
  ('01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000001',
   sha256('beleg_test_goldengoldengoldengoldengoldengoldengolden'), 'beleg_test_gold', 'lden',
   '{applications:read,applications:write,documents:write,report:read}', '2024-03-01 08:00:00+00');
INSERT INTO person (id, email, name, role, locale, password_hash, created_at) VALUES
  ('01900000-0000-7000-8000-000000000003', 'alt@lender.test', 'Alt', 'underwriter', 'de', '', '2024-03-01 08:00:00+00');
INSERT INTO application
  (id, client_id, status, product, legal_name, country, legal_form, register_court, register_number,
   vat_id, lei, currency, amount, term_months, purpose, property_value, property_address,
   declared_annual_revenue, declared_monthly_debt_service, declared_lenders, external_reference,
   revision, created_at, updated_at) VALUES
  ('01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000001', 'received', 'loan',
   'Erste GmbH', 'DE', NULL, NULL, NULL, NULL, NULL, 'EUR', 25000000, 60, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, 1, '2024-05-01 10:00:00+00', '2024-05-01 10:00:00+00'),
  ('01900000-0000-7000-8000-000000000012', '01900000-0000-7000-8000-000000000001', 'approved', 'mortgage',
   'Müller & Söhne „Werk“ GmbH', 'DE', 'GmbH', 'Köln', 'HRB 7', 'DE136695976', '5299009QN55YRQC69H56',
   'EUR', 1, 360, E'Ein Haus\nund ein Garten', 999999999999999, 'Am Markt 1', 10010, 0, '["Bank"]', 'A-1',
   3, '2024-05-02 10:00:00.000001+00', '2024-05-03 10:00:00.5+00'),
  ('01900000-0000-7000-8000-000000000013', '01900000-0000-7000-8000-000000000001', 'withdrawn', 'loan',
   'Dritte GmbH', 'DE', NULL, NULL, NULL, NULL, NULL, 'EUR', 999999999999999, 1, NULL, NULL, NULL, NULL, NULL,
   '[]', 'A-1', 2, '2024-05-03 23:59:59.999999+00', '2024-05-04 00:00:00+00'),
  ('01900000-0000-7000-8000-000000000014', '01900000-0000-7000-8000-000000000001', 'declined', 'loan',
   'Vierte SE', 'AT', NULL, NULL, NULL, NULL, NULL, 'USD', 500, 12, 'Dollars', NULL, NULL, NULL, NULL,
   NULL, NULL, 1, '2024-05-04 10:00:00+00', '2024-05-04 10:00:00+00'),
  ('01900000-0000-7000-8000-000000000015', '01900000-0000-7000-8000-000000000001', 'received', 'loan',
   'Fünfte KK', 'JP', NULL, NULL, NULL, NULL, NULL, 'JPY', 5000000, 12, NULL, NULL, NULL, NULL, NULL,
   NULL, 'YEN', 1, '2024-05-05 10:00:00+00', '2024-05-05 10:00:00+00');
INSERT INTO document
  (id, application_id, status, kind, filename, media_type, size, sha256, blob, findings, created_at, read_at) VALUES
  ('01900000-0000-7000-8000-000000000021', '01900000-0000-7000-8000-000000000012', 'read', 'bank_statement',
   'Auszug Mai.xml', 'application/xml', 1234, sha256('a'), 'documents/a', '[]',
   '2024-05-02 11:00:00+00', '2024-05-02 11:01:00+00'),
  ('01900000-0000-7000-8000-000000000022', '01900000-0000-7000-8000-000000000012', 'unreadable', NULL,
   'Foto.jpg', 'image/jpeg', 9, sha256('b'), 'documents/b',
   '[{"code": "unknown_format", "detail": "This is no statement."}]',
   '2024-05-02 12:00:00+00', '2024-05-02 12:01:00+00');
INSERT INTO statement
  (id, application_id, document_id, kind, account, currency, holder, bank, number, starts_on, ends_on,
   opening, opening_on, closing, closing_on, difference, flipped, transactions) VALUES
  ('01900000-0000-7000-8000-000000000031', '01900000-0000-7000-8000-000000000012',
   '01900000-0000-7000-8000-000000000021', 'statement', 'DE02120300000000202051', 'EUR', 'Müller & Söhne', NULL, '5',
   '2024-04-01', '2024-04-30', 10000, '2024-04-01', 15000, '2024-04-30', 0, false, 1);
INSERT INTO transaction
  (id, application_id, document_id, statement_id, account, booked_on, valued_on, amount, currency, pending,
   reversal, counterparty, counterparty_account, remittance, gvc, iso, return_reason, bank_reference,
   details, start_byte, end_byte, duplicate, category, bounced) VALUES
  ('01900000-0000-7000-8000-000000000051', '01900000-0000-7000-8000-000000000012',
   '01900000-0000-7000-8000-000000000021', '01900000-0000-7000-8000-000000000031', 'DE02120300000000202051',
   '2024-04-15', NULL, 5000, 'EUR', false, false, 'Kunde Süd AG', NULL, 'Rechnung 7', NULL, NULL, NULL, NULL,
   '{}', 100, 900, false, 'revenue', false);
INSERT INTO decision (id, application_id, outcome, reasons, note, person_id, decided_at, rested_on) VALUES
  ('01900000-0000-7000-8000-000000000041', '01900000-0000-7000-8000-000000000012', 'approved', '["sound_figures"]',
   NULL, '01900000-0000-7000-8000-000000000003', '2024-05-03 10:00:00.5+00', '[]'),
  ('01900000-0000-7000-8000-000000000042', '01900000-0000-7000-8000-000000000014', 'declined', '["other"]',
   'intern', '01900000-0000-7000-8000-000000000003', '2024-05-04 10:00:00+00', '[]');
