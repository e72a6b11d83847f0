/** How iptables refuses: usage errors with status 2, refusals of the kernel with 1 or 4. libxtables/xtables.c. */

/** `text` is all that goes to stderr. */
export class IptablesError extends Error {
  readonly status: number
  readonly text: string
  constructor(text: string, status: number) {
    super(text)
    this.text = text
    this.status = status
  }
}

/** What exists on a real host and is missing here. */
export class NotModelled extends Error {}

const VERSION = 'v1.8.9 (nf_tables)'
export const IPTABLES_VERSION = VERSION

/** PARAMETER_PROBLEM; the program's name is filled in where it is printed. */
export class UsageError extends Error {
  /** Printed without the program's name and version in front. */
  readonly bare: boolean
  constructor(text: string, bare = false) {
    super(text)
    this.bare = bare
  }
}

export function usageText(program: string, error: UsageError, line: number | null = null): string {
  const head = error.bare ? error.message : `${program} ${VERSION}: ${error.message}`
  const where = line === null ? '' : `Error occurred at line: ${line}\n`
  return `${head}\n${where}Try \`${program} -h' or '${program} --help' for more information.\n`
}

/** `iptables: No chain/target/match by that name.` */
export function plainText(program: string, text: string): string {
  return `${program}: ${text}\n`
}
