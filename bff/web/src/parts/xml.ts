const INDENT = "  ";
const WRAPPED_LINE = /(<[^/!?\n][^>\n]*>)\n(<[^/\n][^\n]*<\/[^>\n]*>)\n(<\/)/g;

/** Whether a file was written without line breaks, as many banks do. */
export function isOneLine(text: string): boolean {
  return text.startsWith("<") && !text.includes("\n");
}

/** XML, or a piece of it, with a fact a line, so that a person can read it. */
export function laidOut(text: string): string {
  let lines = text.replace(/>(?=<)/g, ">\n").replace(/(<[^/!?\n][^>\n]*>)\n(?=<\/)/g, "$1");
  for (let before = ""; before !== lines; ) {
    before = lines;
    lines = before.replace(WRAPPED_LINE, "$1$2$3"); // what only wraps one line stays on it
  }
  let depth = 0;
  return lines
    .split("\n")
    .map((line) => {
      if (line.startsWith("</")) depth = Math.max(0, depth - 1);
      const shown = INDENT.repeat(depth) + line;
      if (/^<[^/!?][^>]*[^/]>$/.test(line)) depth += 1;
      return shown;
    })
    .join("\n");
}
