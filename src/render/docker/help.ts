/** Help and usage texts, made from the option tables. cobra command.go, docker/cli cli/cobra.go, pflag `FlagUsagesWrapped` */

export interface FlagRow {
  readonly name: string
  readonly short: string | null
  readonly shown: string
  readonly usage: string
  readonly shownDefault: string | null
}

export interface CommandRow {
  readonly name: string
  readonly short: string
}

export interface HelpPage {
  /** `docker run [OPTIONS] IMAGE [COMMAND] [ARG...]` */
  readonly usage: string
  readonly short: string
  readonly aliases: readonly string[]
  readonly flags: readonly FlagRow[]
  readonly management: readonly CommandRow[]
  readonly commands: readonly CommandRow[]
  /** `docker network`: whose COMMAND has more help. */
  readonly path: string
}

export function helpText(page: HelpPage, columns: number): string {
  const parts = [`\nUsage:  ${page.usage}\n`, `${page.short}\n`]
  if (page.aliases.length > 0) parts.push(`Aliases:\n  ${page.aliases.join(', ')}\n`)
  if (page.flags.length > 0) parts.push(`Options:\n${flagUsages(page.flags, columns - 1)}`)
  const padding = Math.max(11, ...[...page.management, ...page.commands].map((one) => one.name.length))
  if (page.management.length > 0) parts.push(`Management Commands:\n${commandList(page.management, padding)}`)
  if (page.commands.length > 0) {
    parts.push(`Commands:\n${commandList(page.commands, padding)}`)
    parts.push(`Run '${page.path} COMMAND --help' for more information on a command.\n`)
  }
  return parts.join('\n')
}

function commandList(commands: readonly CommandRow[], padding: number): string {
  return commands.map((one) => `  ${one.name.padEnd(padding)} ${one.short}\n`).join('')
}

/** Usage behind an error in the number of arguments. */
export function usageText(page: Pick<HelpPage, 'usage' | 'short'>): string {
  return `\nUsage:  ${page.usage}\n\n${page.short}\n`
}

export function flagUsages(flags: readonly FlagRow[], columns: number): string {
  const sorted = [...flags].sort((a, b) => (a.name < b.name ? -1 : 1))
  const heads = sorted.map(
    (flag) =>
      (flag.short === null ? `      --${flag.name}` : `  -${flag.short}, --${flag.name}`) +
      (flag.shown === '' ? '' : ` ${flag.shown}`),
  )
  const width = Math.max(...heads.map((head) => head.length)) + 1
  return sorted
    .map((flag, i) => {
      const text = flag.shownDefault === null ? flag.usage : `${flag.usage} (default ${flag.shownDefault})`
      return `${heads[i]!.padEnd(width)}  ${wrap(width + 2, columns, text)}\n`
    })
    .join('')
}

/** A line that is only a little too long is not broken. */
const SLOP = 5

function wrap(indent: number, columns: number, text: string): string {
  let left = indent
  let room = columns - left
  let result = ''
  if (room < 24) {
    left = 16
    room = columns - left
    result = `\n${' '.repeat(left)}`
  }
  const newLine = `\n${' '.repeat(left)}`
  if (room < 24) return text.replaceAll('\n', newLine)
  let rest = text
  let isFirst = true
  while (rest !== '' || isFirst) {
    const [line, remaining] = takeLine(room - SLOP, rest)
    result += (isFirst ? '' : newLine) + line.replaceAll('\n', newLine)
    rest = remaining
    isFirst = false
  }
  return result
}

function takeLine(room: number, text: string): [string, string] {
  if (room + SLOP > text.length) return [text, '']
  const head = text.slice(0, room)
  const blank = Math.max(head.lastIndexOf(' '), head.lastIndexOf('\t'), head.lastIndexOf('\n'))
  if (blank <= 0) return [text, '']
  const newLine = head.lastIndexOf('\n')
  const at = newLine > 0 && newLine < blank ? newLine : blank
  return [text.slice(0, at), text.slice(at + 1)]
}
