/** What ps can print about a process, by name: heading, width, side. procps-ng 4.0 src/ps/output.c, ps(1) "STANDARD FORMAT SPECIFIERS" */
import { formatTime } from '../coreutils/strftime.ts'
import { commandLine, commandName, type ProcessRow, statLetters } from './process-row.ts'

export interface PsColumn {
  readonly header: string
  readonly width: number
  readonly left?: boolean
  /** As wide as the line allows. */
  readonly open?: boolean
  readonly text: (row: ProcessRow, nowMs: number) => string
}

const right = (header: string, width: number, text: PsColumn['text']): PsColumn => ({ header, width, text })
const left = (header: string, width: number, text: PsColumn['text']): PsColumn => ({
  header,
  width,
  left: true,
  text,
})
const args = (header: string): PsColumn => ({ ...left(header, 27, commandLine), open: true })
const comm = (header: string): PsColumn => ({ ...left(header, 15, commandName), open: true })
const user = (header: string): PsColumn => left(header, 8, (row) => shorten(row.user, 8))
const tty = (header: string): PsColumn => left(header, 8, (row) => row.tty ?? '?')
const uid = (header: string): PsColumn => right(header, 5, (row) => String(row.uid))
const time = (header: string): PsColumn => right(header, 8, () => '00:00:00')
const namespace = (type: keyof ProcessRow['namespaces']): PsColumn =>
  right(`${type === 'mnt' ? 'MNT' : type.toUpperCase()}NS`, 10, (row) => String(row.namespaces[type]))

const MEMORY_KIB = 4_017_000

const COLUMNS: Readonly<Record<string, PsColumn>> = {
  pid: right('PID', 5, (row) => String(row.pid)),
  ppid: right('PPID', 5, (row) => String(row.ppid)),
  pgid: right('PGID', 5, (row) => String(row.pgid)),
  sid: right('SID', 5, (row) => String(row.sid)),
  tpgid: right('TPGID', 5, (row) => String(row.foreground)),
  lwp: right('LWP', 5, (row) => String(row.pid)),
  user: user('USER'),
  euser: user('EUSER'),
  ruser: user('RUSER'),
  UID: user('UID'),
  group: left('GROUP', 8, (row) => shorten(row.group, 8)),
  uid: uid('UID'),
  euid: uid('EUID'),
  ruid: uid('RUID'),
  gid: uid('GID'),
  egid: uid('EGID'),
  comm: comm('COMMAND'),
  ucmd: comm('CMD'),
  args: args('COMMAND'),
  cmd: args('CMD'),
  tname: tty('TTY'),
  tty: tty('TT'),
  stat: left('STAT', 4, statLetters),
  s: left('S', 1, (row) => row.state),
  time: time('TIME'),
  bsdtime: right('TIME', 6, () => '0:00'),
  etime: right('ELAPSED', 11, (row, now) => elapsed(row, now)),
  etimes: right('ELAPSED', 7, (row, now) => String(secondsSince(row, now))),
  stime: right('STIME', 5, (row, now) => startTime(row, now)),
  start_time: right('START', 5, (row, now) => startTime(row, now)),
  bsdstart: right('START', 6, (row, now) => startTime(row, now)),
  start: right('STARTED', 8, (row, now) =>
    secondsSince(row, now) < 86400
      ? formatTime('%H:%M:%S', row.startedMs)
      : formatTime('  %b %d', row.startedMs),
  ),
  lstart: right('STARTED', 24, (row) => formatTime('%a %b %e %H:%M:%S %Y', row.startedMs)),
  pcpu: right('%CPU', 4, () => '0.0'),
  c: right('C', 2, () => '0'),
  pmem: right('%MEM', 4, (row) => ((row.rss * 100) / MEMORY_KIB).toFixed(1)),
  vsz: right('VSZ', 6, (row) => String(row.vsz)),
  rss: right('RSS', 5, (row) => String(row.rss)),
  sz: right('SZ', 5, (row) => String(Math.floor(row.vsz / 4))),
  ni: right('NI', 3, () => '0'),
  pri: right('PRI', 3, () => '19'),
  opri: right('PRI', 3, () => '80'),
  nlwp: right('NLWP', 4, (row) => String(row.threads)),
  thcount: right('THCNT', 5, (row) => String(row.threads)),
  psr: right('PSR', 3, () => '0'),
  f: right('F', 1, () => '4'),
  addr: left('ADDR', 1, () => '-'),
  wchan: left('WCHAN', 6, () => '-'),
  netns: namespace('net'),
  mntns: namespace('mnt'),
  utsns: namespace('uts'),
  pidns: namespace('pid'),
}

const SYNONYMS: Readonly<Record<string, string>> = {
  ...{ '%cpu': 'pcpu', '%mem': 'pmem', command: 'args', uname: 'user', fname: 'comm', ucomm: 'comm' },
  ...{ tt: 'tty', cputime: 'time', pgrp: 'pgid', sess: 'sid', session: 'sid', spid: 'lwp', tid: 'lwp' },
  ...{ tgid: 'pid', nice: 'ni', vsize: 'vsz', rssize: 'rss', rsz: 'rss', state: 's', rgroup: 'group' },
  ...{ egroup: 'group', rgid: 'gid', flag: 'f', flags: 'f', cp: 'pcpu' },
}

export function psColumn(name: string): PsColumn | undefined {
  return COLUMNS[SYNONYMS[name] ?? name]
}

function shorten(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}+` : text
}

function secondsSince(row: ProcessRow, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - row.startedMs) / 1000))
}

function startTime(row: ProcessRow, nowMs: number): string {
  if (secondsSince(row, nowMs) < 86400) return formatTime('%H:%M', row.startedMs)
  return formatTime('%b%d', row.startedMs)
}

/** `[[DD-]hh:]mm:ss` */
export function elapsed(row: ProcessRow, nowMs: number): string {
  const total = secondsSince(row, nowMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  const days = Math.floor(total / 86400)
  const hours = Math.floor(total / 3600) % 24
  const tail = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`
  if (days > 0) return `${days}-${two(hours)}:${tail}`
  return hours > 0 ? `${two(hours)}:${tail}` : tail
}
