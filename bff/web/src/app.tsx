import { Center, Loader } from "@mantine/core";
import { useEffect } from "react";
import { Route, Routes } from "react-router";
import { Refused } from "./api/client";
import { queries, useSession } from "./api/queries";
import { CasePage } from "./pages/case/page";
import { InboxPage } from "./pages/inbox/page";
import { SignInPage } from "./pages/sign-in";
import { UsagePage } from "./pages/usage/page";
import { Failure } from "./parts/failure";
import { Shell } from "./parts/shell";

const signedOut = (error: unknown) => error instanceof Refused && error.status === 401;

/** A session that ends while one works shows the sign-in page in place, with drafts kept. */
function useExpiry() {
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ query }) => {
        const isSession = query.queryKey[0] === "session";
        if (!isSession && signedOut(query.state.error)) queries.resetQueries({ queryKey: ["session"] });
      }),
    [],
  );
}

export function App() {
  useExpiry();
  const session = useSession();
  if (session.data) {
    return (
      <Shell person={session.data.person}>
        <Routes>
          <Route path="/" element={<InboxPage />} />
          <Route path="/cases/:id" element={<CasePage />} />
          <Route path="/usage" element={<UsagePage />} />
          <Route path="*" element={<Failure error={new Refused(404, "not_found", "", null)} />} />
        </Routes>
      </Shell>
    );
  }
  if (session.isPending) {
    return (
      <Center h="100vh">
        <Loader />
      </Center>
    );
  }
  if (signedOut(session.error)) return <SignInPage />;
  return <Failure error={session.error} retry={() => session.refetch()} />;
}
