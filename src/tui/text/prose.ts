/**
 * Markdown to styled lines, through marked and marked-terminal. Breaking lines is ours: marked-terminal's own reflow
 * knows neither lists nor quotations nor wide characters.
 */
import { Marked, type MarkedExtension, type Tokens } from 'marked'
import { markedTerminal } from 'marked-terminal'
import { wrapStyled } from './wrap-styled.ts'

const sgr =
  (open: string, close: string) =>
  (text: string): string =>
    `\u001b[${open}m${text}\u001b[${close}m`

const BREAK = '\u0002'
const joined = (text: string): string => text.replace(/[ \t]*\n[ \t]*/g, ' ')

/** Lines of one item; those of a list inside it keep their own. */
const item = (text: string): string => text.replace(/\n(?!\s*(?:\*|\d+\.) |\s*\n)[ \t]*/g, ' ')

const options = {
  code: sgr('36', '39'),
  codespan: sgr('36', '39'),
  blockquote: (text: string): string =>
    text
      .split('\n')
      .map((line) => `${sgr('2', '22')('│')} ${line.trim()}`)
      .join('\n'),
  heading: sgr('1', '22'),
  firstHeading: sgr('1', '22'),
  html: (text: string): string => text,
  hr: sgr('2', '22'),
  listitem: item,
  table: (text: string): string => text,
  paragraph: joined,
  strong: sgr('1', '22'),
  em: sgr('3', '23'),
  del: sgr('9', '29'),
  link: (text: string): string => text,
  href: sgr('4', '24'),
  showSectionPrefix: false,
  reflowText: false,
  emoji: false,
  tab: 2,
  tableOptions: { style: { head: ['bold'], border: ['grey'] } },
}

// The renderer of marked-terminal leaves **strong** raw in list items and loses line breaks on joining lines.
const repairs: MarkedExtension = {
  renderer: {
    text(token: Tokens.Text | Tokens.Escape): string {
      return 'tokens' in token && token.tokens !== undefined
        ? this.parser.parseInline(token.tokens)
        : token.text
    },
    br(): string {
      return BREAK
    },
  },
}

let instance: Marked | null = null

function parser(): Marked {
  instance ??= new Marked(markedTerminal(options as never) as unknown as MarkedExtension, repairs)
  return instance
}

export function proseLines(markdown: string, width: number): string[] {
  const rendered = (parser().parse(markdown, { async: false }) as string).replaceAll(BREAK, '\n')
  const bulleted = rendered.replace(/^( *)\* /gm, '$1• ')
  const lines = wrapStyled(bulleted.replace(/\n+$/, '').replace(/^\n+/, ''), width)
  // Never two blank lines in a row.
  return lines.filter((line, i) => line.trim() !== '' || (lines[i - 1] ?? 'x').trim() !== '')
}
