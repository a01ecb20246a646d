import { Center, Loader } from "@mantine/core";
import { useEffect } from "react";
import { Route, Routes } from "react-router";
import { Refused } from "./api/client";
import { queries, useSession } from "./api/queries";
import { PAGES } from "./pages";
import { SignInPage } from "./pages/sign-in";
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
      <Shell person={session.data.person} pages={PAGES}>
        <Routes>
          {PAGES.map(({ path, component: Component }) => (
            <Route key={path} path={path} element={<Component />} />
          ))}
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
