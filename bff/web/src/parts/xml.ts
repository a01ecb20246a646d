const INDENT = "  ";
const LEAF = /^<[^/!?][^>]*>[^<]*<\/[^>]*>$/;

/** Whether a file was written without line breaks, as many banks do. */
export function isOneLine(text: string): boolean {
  return text.startsWith("<") && !text.includes("\n");
}

/** XML (or a piece of it) with an element a line, so that a person can read it. */
export function laidOut(text: string): string {
  let depth = 0;
  return text
    .replace(/>(?=<)/g, ">\n")
    .replace(/(<[^/!?][^>]*>)\n(?=<\/)/g, "$1")
    .split("\n")
    .map((line) => {
      if (line.startsWith("</")) depth = Math.max(0, depth - 1);
      const shown = INDENT.repeat(depth) + line;
      const opens = /^<[^/!?]/.test(line) && !line.endsWith("/>") && !LEAF.test(line);
      if (opens) depth += 1;
      return shown;
    })
    .join("\n");
}
