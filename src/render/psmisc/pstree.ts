/** The tree of pstree: like branches put together as `2*[NAME]`. psmisc src/pstree.c */

export interface TreeProcess {
  readonly pid: number
  readonly label: string
  readonly threads: number
  readonly children: readonly TreeProcess[]
}

export interface TreeStyle {
  readonly compact: boolean
  /** One process a line, with its arguments (`-a`). */
  readonly vertical: boolean
  readonly unicode: boolean
  readonly width: number
  readonly hideThreads: boolean
  /** Threads show under this name. */
  readonly threadLabel: (process: TreeProcess) => string
}

interface Symbols {
  readonly single: string
  readonly first: string
  readonly middle: string
  readonly last: string
  readonly line: string
}
const ASCII: Symbols = { single: '---', first: '-+-', middle: ' |-', last: ' `-', line: ' | ' }
const UNICODE: Symbols = { single: '───', first: '─┬─', middle: ' ├─', last: ' └─', line: ' │ ' }

interface Branch {
  readonly text: string
  readonly count: number
  readonly children: readonly Branch[]
}

export function treeText(root: TreeProcess, style: TreeStyle): string {
  const symbols = style.unicode ? UNICODE : ASCII
  const branch = branchOf(root, style)
  const lines = style.vertical ? verticalLines(branch, symbols, '') : horizontalLines(branch, symbols)
  return lines
    .map((line) => `${line.length > style.width ? `${line.slice(0, style.width - 1)}+` : line}\n`)
    .join('')
}

function branchOf(process: TreeProcess, style: TreeStyle): Branch {
  const children = process.children.map((child) => branchOf(child, style))
  const more = style.hideThreads ? 0 : process.threads - 1
  const threads: Branch[] = Array.from({ length: more }, () => ({
    text: `{${style.threadLabel(process)}}`,
    count: 1,
    children: [],
  }))
  const all = [...children, ...threads]
  return { text: process.label, count: 1, children: style.compact ? together(all) : all }
}

function together(branches: readonly Branch[]): Branch[] {
  const result = new Map<string, Branch>()
  for (const branch of branches) {
    const key = JSON.stringify(branch)
    const known = result.get(key)
    result.set(key, known === undefined ? branch : { ...known, count: known.count + 1 })
  }
  return [...result.values()]
}

function horizontalLines(branch: Branch, symbols: Symbols): string[] {
  const start = branch.count > 1 ? `${branch.count}*[${branch.text}` : branch.text
  const end = branch.count > 1 ? ']' : ''
  const { children } = branch
  if (children.length === 0) return [`${start}${end}`]
  const indent = ' '.repeat(start.length)
  const lines: string[] = []
  children.forEach((child, i) => {
    const inner = horizontalLines(child, symbols)
    const isLast = i === children.length - 1
    const sign = i === 0 ? (isLast ? symbols.single : symbols.first) : isLast ? symbols.last : symbols.middle
    inner.forEach((line, j) => {
      const left = i === 0 && j === 0 ? start : indent
      lines.push(`${left}${j === 0 ? sign : isLast ? '   ' : symbols.line}${line}`)
    })
  })
  if (end !== '') lines[0] += end
  return lines
}

function verticalLines(branch: Branch, symbols: Symbols, indent: string): string[] {
  const lines = [branch.count > 1 ? `${branch.count}*[${branch.text}]` : branch.text]
  branch.children.forEach((child, i) => {
    const isLast = i === branch.children.length - 1
    verticalLines(child, symbols, indent).forEach((line, j) => {
      const sign = j === 0 ? (isLast ? symbols.last : symbols.middle) : isLast ? '   ' : symbols.line
      lines.push(` ${sign}${line}`)
    })
  })
  return lines
}
