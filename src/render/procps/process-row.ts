/** One process as ps, top and pstree show it. */
export interface ProcessRow {
  readonly pid: number
  readonly ppid: number
  readonly pgid: number
  readonly sid: number
  readonly uid: number
  readonly user: string
  readonly group: string
  readonly comm: string
  /** Words of the command line; none for a zombie. */
  readonly argv: readonly string[]
  /** `pts/0`, or null. */
  readonly tty: string | null
  /** `S`, `R`, `T`, `Z`, `D`. */
  readonly state: string
  readonly isLeader: boolean
  readonly isForeground: boolean
  readonly foreground: number
  readonly threads: number
  /** KiB */
  readonly vsz: number
  readonly rss: number
  readonly startedMs: number
  readonly namespaces: Readonly<Record<'net' | 'mnt' | 'uts' | 'pid', number>>
}

/** `Ss+`, `Ssl`. */
export function statLetters(row: ProcessRow): string {
  return `${row.state}${row.isLeader ? 's' : ''}${row.threads > 1 ? 'l' : ''}${row.isForeground ? '+' : ''}`
}

export function commandLine(row: ProcessRow): string {
  if (row.state === 'Z') return `[${row.comm}] <defunct>`
  return row.argv.length === 0 ? `[${row.comm}]` : row.argv.join(' ')
}

export function commandName(row: ProcessRow): string {
  return row.state === 'Z' ? `${row.comm} <defunct>` : row.comm
}
