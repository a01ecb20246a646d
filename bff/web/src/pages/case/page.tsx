import { Loader, Skeleton, Tabs } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { Suspense } from "react";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import type { Basis, BilingualText, Case } from "../../api/contract";
import { useI18n } from "../../i18n";
import type { Words } from "../../i18n/en";
import { Failure } from "../../parts/failure";
import { lazyPart } from "../../parts/lazy";
import { Answers } from "./answers";
import { TermsChanged } from "./changes";
import classes from "./case.module.css";
import { Documents } from "./documents";
import { EvidenceDrawer } from "./evidence";
import { Facts } from "./facts";
import { Figures } from "./figures";
import { CaseHeader } from "./header";
import { History } from "./history";
import { useCase, useWatch } from "./queries";
import { Statements } from "./statements";

/** The charting library is a third of the app; most screens do without it. */
const MonthsChart = lazyPart(async () => (await import("./months")).default);

/** Going back from there closes it, as its cross does. */
const OPENED_HERE = { opened: true };

type Tab = keyof Words["case"]["tabs"];
const TABS: Tab[] = ["answers", "figures", "statements", "documents", "history"];

/** What the person follows to its bookings: an answer or a figure, by its name. */
export type Follow = (kind: "answer" | "figure", name: string, basis: Basis) => void;

export type Followed = { basis: Basis; title: BilingualText; because?: BilingualText };

/** What the address says is followed. */
function followedBy(params: URLSearchParams, shown: Case): Followed | undefined {
  const answer = shown.answers.find(({ question }) => question === params.get("answer"));
  if (answer?.basis) return { basis: answer.basis, title: answer.wording, because: answer.because };
  return shown.figures.find(({ name }) => name === params.get("figure"));
}

export function CasePage() {
  const { id = "" } = useParams();
  const { data: shown, error, refetch } = useCase(id);
  useWatch(id, shown);
  useDocumentTitle(`${shown?.application.legal_name ?? "…"} · Beleg`);
  if (shown) return <CaseView key={id} shown={shown} />;
  if (error) return <Failure error={error} retry={refetch} />;
  return <Loader m="xl" />;
}

function CaseView({ shown }: { shown: Case }) {
  const { words } = useI18n();
  const [params, setParams] = useSearchParams();
  const { state } = useLocation();
  const navigate = useNavigate();
  const tab = TABS.find((each) => each === params.get("tab")) ?? "answers";
  /** A number that rests on whole statements is followed to these, any other to its bookings. */
  const follow: Follow = (kind, name, basis) => {
    if (basis.bookings === 0) return setParams({ tab: "statements", of: basis.figure });
    setParams({ ...(tab === "answers" ? {} : { tab }), [kind]: name }, { state: OPENED_HERE });
  };
  const close = () => {
    if (state?.opened) navigate(-1);
    else setParams(tab === "answers" ? {} : { tab }, { replace: true });
  };
  const basis = shown.figures.find(({ name }) => name === params.get("of"))?.basis;
  const counts: Partial<Record<Tab, number>> = {
    statements: shown.statement_count,
    documents: shown.document_count,
  };
  return (
    <>
      <CaseHeader shown={shown} />
      <TermsChanged shown={shown} />
      <div className={classes.columns}>
        <Tabs
          value={tab}
          onChange={(next) => setParams(next && next !== "answers" ? { tab: next } : {})}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            {TABS.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {words.case.tabs[each]}
                {counts[each] !== undefined && <span className={classes.count}>{counts[each]}</span>}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="answers">
            <Answers shown={shown} onFollow={follow} />
          </Tabs.Panel>
          <Tabs.Panel value="figures">
            <Suspense fallback={<Skeleton h={330} mb="md" />}>
              <MonthsChart shown={shown} />
            </Suspense>
            <Figures shown={shown} onFollow={follow} />
          </Tabs.Panel>
          <Tabs.Panel value="statements">
            <Statements shown={shown} marked={basis?.statements ?? []} />
          </Tabs.Panel>
          <Tabs.Panel value="documents">
            <Documents shown={shown} />
          </Tabs.Panel>
          <Tabs.Panel value="history">
            <History entries={shown.history} />
          </Tabs.Panel>
        </Tabs>
        <Facts shown={shown} />
      </div>
      <EvidenceDrawer
        caseId={shown.application.id}
        followed={followedBy(params, shown)}
        onClose={close}
      />
    </>
  );
}
