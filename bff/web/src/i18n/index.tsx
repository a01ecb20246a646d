import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import type { BilingualText, Language } from "../api/contract";
import { de } from "./de";
import { en, type Words } from "./en";
import { type Formats, formatsOf } from "./format";

const CHOSEN = "beleg.language";
const WORDS: Record<Language, Words> = { en, de };

export type I18n = {
  language: Language;
  choose: (language: Language) => void;
  words: Words;
  format: Formats;
  /** The words of a text that the server says in every language. */
  say: (text: BilingualText) => string;
};

const Context = createContext<I18n | undefined>(undefined);

/** Before anybody has signed in: what was read here last, else what the browser asks for. */
function firstLanguage(): Language {
  const chosen = localStorage.getItem(CHOSEN);
  if (chosen === "en" || chosen === "de") return chosen;
  return navigator.language.startsWith("de") ? "de" : "en";
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choose = useCallback((next: Language) => {
    localStorage.setItem(CHOSEN, next);
    setLanguage(next);
  }, []);
  const i18n = useMemo(
    () => ({
      language,
      choose,
      words: WORDS[language],
      format: formatsOf(language, WORDS[language]),
      say: (text: BilingualText) => text[language],
    }),
    [language, choose],
  );
  return <Context value={i18n}>{children}</Context>;
}

export function useI18n(): I18n {
  const i18n = useContext(Context);
  if (!i18n) throw new Error("useI18n needs a LanguageProvider above it");
  return i18n;
}
