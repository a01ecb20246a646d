// Written by `python -m bff.contract`; change bff/views instead.

export type Account = {
  number: string;
  ownership: Ownership;
  holder: string | null;
  counted: boolean;
  ruling: AccountRuling | null;
};

export type AccountRuling = {
  counted: boolean;
  reason: string;
  by: string;
  at: string;
};

export type Amount = {
  value: string;
  currency: string;
};

export type Answer = {
  question: string;
  wording: BilingualText;
  state: AnswerState;
  verdict: Verdict;
  value: Value | null;
  because: BilingualText;
  missing: BilingualText[];
  basis: Basis | null;
  provisional: boolean;
  reservations: BilingualText[];
};

export type AnswerState = "answered" | "not_answerable";

export type Application = {
  id: string;
  legal_name: string;
  legal_form: string | null;
  country: string;
  register_court: string | null;
  register_number: string | null;
  vat_id: string | null;
  lei: string | null;
  product: Product;
  amount: Amount;
  term_months: number;
  purpose: string | null;
  property_value: Amount | null;
  property_address: string | null;
  declared: Declared;
  status: ApplicationStatus;
  partner: string | null;
  sandbox: boolean;
  external_reference: string | null;
  received_at: string;
};

export type ApplicationStatus = "received" | "reading" | "needs_documents" | "in_review" | "approved" | "declined" | "withdrawn";

export type Basis = {
  figure: string;
  bookings: number;
  sum: Amount;
  statements: string[];
  statement_count: number;
};

export type BilingualText = {
  en: string;
  de: string;
};

export type Box = {
  page: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
};

export type Case = {
  application: Application;
  documents: Document[];
  document_count: number;
  documents_next: string | null;
  statements: Statement[];
  statement_count: number;
  statements_next: string | null;
  accounts: Account[];
  may_rule: boolean;
  gaps: Gap[];
  window: Window | null;
  figures: Figure[];
  months: Month[];
  answers: Answer[];
  decision: Decision | null;
  may_decide: boolean;
  may_hand_in: boolean;
  reasons: Record<DecisionOutcome, DecisionReason[]>;
  document_limit: number;
  history: HistoryEntry[];
  revision: string;
};

export type CaseStatus = {
  status: ApplicationStatus;
  revision: string;
};

export type Category = "revenue" | "collection" | "cash_deposit" | "loan_disbursement" | "owner_injection" | "refund_received" | "own_debit_returned" | "transfer_returned" | "tax_refund" | "insurance_benefit" | "state_benefit" | "interest_received" | "investment_income" | "supplier" | "salary" | "tax" | "social_security" | "loan_service" | "rent" | "leasing" | "insurance" | "fees" | "customer_debit_returned" | "refund_paid" | "cash_withdrawal" | "owner_draw" | "investment" | "own_transfer" | "gambling" | "seizure" | "reversal" | "reversed";

export type Decision = {
  outcome: DecisionOutcome;
  reasons: DecisionReason[];
  note: string | null;
  decided_by: string;
  decided_at: string;
};

export type DecisionOutcome = "approved" | "declined";

export type DecisionReason = "sound_figures" | "sufficient_collateral" | "known_customer" | "insufficient_revenue" | "existing_debt_too_high" | "returned_payments" | "account_overdrawn" | "seizure" | "undeclared_lenders" | "documents_not_conclusive" | "policy" | "other";

export type Declared = {
  annual_revenue: Amount | null;
  monthly_debt_service: Amount | null;
  existing_lenders: string[] | null;
};

export type Document = {
  id: string;
  filename: string;
  kind: DocumentKind | null;
  status: DocumentStatus;
  size: number;
  received_at: string;
  findings: Finding[];
  facts: Fact[];
  figures: PaperFigure[];
};

export type DocumentKind = "bank_statement" | "invoice" | "business_report" | "annual_accounts" | "register_extract" | "other";

export type DocumentPage = {
  rows: Document[];
  next: string | null;
};

export type DocumentStatus = "queued" | "reading" | "read" | "unreadable";

export type Evidence = {
  filename: string;
  sha256: string;
  start: number;
  end: number;
  before: string;
  text: string;
  after: string;
};

export type Fact = {
  term: Term;
  text: string | null;
  day: string | null;
  amount: Amount | null;
  start: number;
  end: number;
  attachment: string | null;
  box: Box | null;
};

export type Figure = {
  name: string;
  version: number;
  title: BilingualText;
  value: Value | null;
  basis: Basis;
  provisional: boolean;
  reservations: BilingualText[];
};

export type FigureSpan = "month" | "year_to_date" | "year" | "reporting_date" | "each";

export type FigureTerm = "revenue" | "total_output" | "material_costs" | "personnel_costs" | "depreciation" | "other_costs" | "total_costs" | "operating_result" | "result" | "equity" | "bank_liabilities" | "instalment";

export type Finding = {
  code: string;
  detail: BilingualText;
};

export type Gap = {
  account: string;
  starts_on: string;
  ends_on: string;
};

export type HandedIn = {
  known: boolean;
};

export type HistoryEntry = {
  at: string;
  actor: string | null;
  action: string;
  filename: string | null;
  account: string | null;
  reason: string | null;
  status: ApplicationStatus | null;
};

export type Inbox = {
  rows: InboxRow[];
  total: number;
  page: number;
  per_page: number;
  counts: Record<ApplicationStatus, number>;
};

export type InboxRow = {
  id: string;
  applicant: string;
  product: Product;
  amount: Amount;
  status: ApplicationStatus;
  partner: string | null;
  external_reference: string | null;
  received_at: string;
  bad: number;
  watch: number;
  unanswered: number;
  provisional: number;
};

export type IrregularRow = {
  partner: string;
  sandbox: boolean;
  version: string;
  operation: string;
  irregularity: Irregularity;
  calls: number;
  last_at: string;
};

export type Irregularity = "unknown_parameter" | "repeated_parameter" | "other_media_type" | "other_encoding" | "repeated_member" | "unexpected_body" | "unknown_part" | "repeated_part" | "repeated_header" | "spaced_token" | "method_override" | "other_id_form";

export type Language = "en" | "de";

export type Month = {
  month: string;
  inflow: Amount;
  outflow: Amount;
  balance: Amount | null;
};

export type Ownership = "applicant" | "another" | "unknown";

export type PageImage = {
  filename: string;
  sha256: string;
  pages: number;
  width: number;
  height: number;
  image: string;
};

export type PaperFigure = {
  figure: FigureTerm;
  span: FigureSpan;
  amount: Amount;
  start: number;
  end: number;
  box: Box | null;
};

export type Part = {
  amount: Amount | null;
  counterparty: string | null;
  remittance: string;
};

export type Permission = "manage_own_session" | "view_cases" | "upload_documents" | "decide_cases" | "view_usage";

export type Person = {
  id: string;
  name: string;
  email: string;
  permissions: Permission[];
  locale: Language;
};

export type Product = "loan" | "mortgage";

export type Reconciles = "reconciles" | "differs" | "no_balance";

export type Session = {
  person: Person;
};

export type Statement = {
  id: string;
  document_id: string;
  filename: string;
  account: string;
  bank: string | null;
  holder: string | null;
  starts_on: string | null;
  ends_on: string | null;
  opening: Amount | null;
  closing: Amount | null;
  bookings: number;
  state: Reconciles;
  difference: Amount | null;
};

export type StatementPage = {
  rows: Statement[];
  next: string | null;
};

export type Term = "invoice_number" | "type_code" | "issue_date" | "due_date" | "seller_name" | "seller_vat_id" | "buyer_name" | "buyer_vat_id" | "payee_iban" | "currency" | "net_amount" | "tax_amount" | "gross_amount" | "prepaid_amount" | "amount_due" | "title" | "period_start" | "period_end" | "reporting_date" | "register_court" | "register_number";

export type Transaction = {
  id: string;
  account: string;
  booked_on: string;
  valued_on: string | null;
  amount: Amount;
  counterparty: string | null;
  counterparty_account: string | null;
  remittance: string;
  category: Category | null;
  gvc: string | null;
  iso: string | null;
  return_reason: string | null;
  pending: boolean;
  parts: Part[];
  part_count: number;
  document_id: string;
  start: number;
  end: number;
  box: Box | null;
};

export type Transactions = {
  rows: Transaction[];
  total: number;
  page: number;
  per_page: number;
};

export type Unit = "money" | "count" | "ratio" | "days" | "months";

export type Usage = {
  versions: string[];
  partners: UsagePartner[];
  days: UsageDay[];
  rows: UsageRow[];
  irregular: IrregularRow[];
  more: boolean;
};

export type UsageDay = {
  day: string;
  calls: Record<string, number>;
};

export type UsagePartner = {
  id: string;
  name: string;
  sandbox: boolean;
  calls: Record<string, number>;
  last_at: Record<string, string>;
};

export type UsageRow = {
  partner: string;
  sandbox: boolean;
  version: string;
  operation: string;
  build: string | null;
  calls: number;
  last_at: string;
};

export type Value = {
  unit: Unit;
  value: string;
  currency: string | null;
};

export type Verdict = "none" | "good" | "watch" | "bad";

export type Window = {
  starts_on: string;
  ends_on: string;
};
