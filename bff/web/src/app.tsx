import { Center, Loader } from "@mantine/core";
import { Suspense, useEffect, useMemo } from "react";
import { Route, Routes, useLocation } from "react-router";
import { Refused } from "./api/client";
import { queries, useSession } from "./api/queries";
import { forgetDrafts, keepDraftsOf, onSignedOutElsewhere } from "./drafts";
import { PAGES } from "./pages";
import { SignInPage } from "./pages/sign-in";
import { Unbroken } from "./parts/broken";
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

/** What was typed is kept for who typed it, and for as long as that person is signed in. */
function useOwnDrafts(person: string | undefined) {
  useMemo(() => person && keepDraftsOf(person), [person]); // before any form is shown
  useEffect(
    () =>
      onSignedOutElsewhere(() => {
        forgetDrafts();
        location.assign("/");
      }),
    [],
  );
}

export function App() {
  useExpiry();
  const session = useSession();
  const { pathname } = useLocation();
  useOwnDrafts(session.data?.person.id);
  if (session.data) {
    return (
      <Shell person={session.data.person} pages={PAGES}>
        <Unbroken key={pathname}>
          <Suspense fallback={<Loader m="xl" />}>
            <Routes>
              {PAGES.map(({ path, component: Component }) => (
                <Route key={path} path={path} element={<Component />} />
              ))}
              <Route path="*" element={<Failure error={new Refused(404, "not_found", "", null)} />} />
            </Routes>
          </Suspense>
        </Unbroken>
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
