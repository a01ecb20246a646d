import { type ReactNode, useEffect, useRef, useState } from "react";

type Props = { label?: string; children: ReactNode };

/** What may be wider than the window is moved within its frame, by the keyboard as well. */
export function Wide({ label, children }: Props) {
  const frame = useRef<HTMLElement>(null);
  const [moves, setMoves] = useState(false);
  useEffect(() => {
    const { current } = frame;
    if (!current) return;
    const watch = new ResizeObserver(() => setMoves(current.scrollWidth > current.clientWidth));
    for (const each of [current, ...current.children]) watch.observe(each);
    return () => watch.disconnect();
  }, []);
  return (
    <section
      ref={frame}
      className="panel wide"
      {...(label !== undefined && { "aria-label": label })}
      {...(moves && { tabIndex: 0 })}
    >
      {children}
    </section>
  );
}
