import type { ComponentType } from "react";
import type { Permission } from "../api/contract";
import type { Words } from "../i18n/en";
import { lazyPart } from "../parts/lazy";
import { InboxPage } from "./inbox/page";

const CasePage = lazyPart(async () => (await import("./case/page")).CasePage);
const UsagePage = lazyPart(async () => (await import("./usage/page")).UsagePage);

export type Page = {
  path: string;
  component: ComponentType;
  /** How the header leads to it, and whom; what anybody sees of it, the server decides. */
  link?: { label: (words: Words) => string; permission: Permission };
};

/** Every page of somebody who is signed in; `bff/app.py` lists the paths as well. */
export const PAGES: Page[] = [
  {
    path: "/",
    component: InboxPage,
    link: { label: (words) => words.inbox.title, permission: "view_cases" },
  },
  { path: "/cases/:id", component: CasePage },
  {
    path: "/usage",
    component: UsagePage,
    link: { label: (words) => words.usage.title, permission: "view_usage" },
  },
];
