/**
 * Prose for those who listen, or read it on a plain terminal: Markdown without its signs, tables as sentences, and in place
 * of a picture made of characters the words that stand behind its fence's name.
 */

const FENCE = /^(`{3,})\s*[\w-]*(?:\s+([^`]*))?$/

export function spokenProse(markdown: string): string {
  const lines = markdown.split('\n')
  const said: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    const fence = FENCE.exec(line)
    if (fence !== null) {
      const end = closing(lines, at, fence[1]!)
      const words = fence[2]?.trim() ?? ''
      said.push(...(words === '' ? lines.slice(at + 1, end) : [words]))
      at = end
    } else if (isTableHead(lines, at)) {
      const end = tableEnd(lines, at)
      said.push(...tableSentences(lines.slice(at, end)))
      at = end - 1
    } else said.push(line.startsWith('    ') ? line : plainText(line.replace(/^>( |$)/, '')))
  }
  return said.join('\n')
}

function closing(lines: readonly string[], from: number, ticks: string): number {
  const found = lines.findIndex((line, at) => at > from && line.trimEnd() === ticks)
  return found < 0 ? lines.length : found
}

function isTableHead(lines: readonly string[], at: number): boolean {
  return /^\s*\|/.test(lines[at]!) && /^\s*\|[\s:|-]+\|\s*$/.test(lines[at + 1] ?? '')
}

function tableEnd(lines: readonly string[], from: number): number {
  const found = lines.findIndex((line, at) => at > from && !/^\s*\|/.test(line))
  return found < 0 ? lines.length : found
}

/** `2377/tcp. For: management, on managers.` What stands in the first column needs no name. */
function tableSentences(rows: readonly string[]): string[] {
  const [names = [], , ...others] = rows.map(cells)
  return others.map(([first = '', ...rest]) => {
    const named = rest.map((text, at) => {
      const name = names[at + 1] ?? ''
      return name === '' ? text : `${name}: ${text}`
    })
    return plainText(`- ${[first, ...named].filter((text) => text !== '').join('. ')}.`)
  })
}

function cells(row: string): string[] {
  return row
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((text) => text.trim())
}

/** Signs that only colour the words; stars inside of a command stay. */
export function plainText(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith('`') && part.length > 1
        ? part.slice(1, -1)
        : part.replace(/\*\*([^*]+)\*\*/g, '$1').replace(/(^|[\s("])\*([^*\s][^*]*)\*/g, '$1$2'),
    )
    .join('')
}
