/** A column that is overfull pushes the next ones, which catch up when they can. */
import { expect, test } from 'vitest'
import type { ProcessRow } from '../../../src/render/procps/process-row.ts'
import { psText } from '../../../src/render/procps/ps.ts'
import { elapsed, psColumn } from '../../../src/render/procps/ps-columns.ts'

const row: ProcessRow = {
  ...{
    pid: 7,
    ppid: 1,
    pgid: 7,
    sid: 7,
    uid: 0,
    user: 'root',
    group: 'root',
    comm: 'dockerd',
    argv: ['dockerd', '-D'],
  },
  ...{
    tty: null,
    state: 'S',
    isLeader: true,
    isForeground: false,
    foreground: -1,
    threads: 12,
    vsz: 1420316,
  },
  ...{ rss: 72412, startedMs: 0, namespaces: { net: 1, mnt: 2, uts: 3, pid: 4 } },
}

function text(names: string, more: Partial<ProcessRow> = {}, width = 200): string {
  const columns = names
    .split(',')
    .map((name) => ({ column: psColumn(name)!, header: psColumn(name)!.header }))
  return psText({
    columns,
    rows: [{ row: { ...row, ...more }, indent: '' }],
    nowMs: 3_600_000,
    width,
    hasHeader: true,
  })
}

test('numbers stand to the right, words to the left, the last word is not padded', () => {
  expect(text('pid,user,stat,comm')).toBe('  PID USER     STAT COMMAND\n    7 root     Ssl  dockerd\n')
})

test('an overfull cell is made good by the room of the next', () => {
  expect(text('vsz,rss,tname')).toBe('   VSZ   RSS TTY\n1420316 72412 ?\n')
})

test('a long user name is cut, and so is the line', () => {
  expect(text('user,pid', { user: 'systemd-network' })).toBe('USER       PID\nsystemd+     7\n')
  expect(text('pid,args', { argv: ['x'.repeat(50)] }, 20)).toBe(`  PID COMMAND\n    7 ${'x'.repeat(14)}\n`)
})

test('elapsed time grows by the left', () => {
  expect(elapsed(row, 61_000)).toBe('01:01')
  expect(elapsed(row, 3_661_000)).toBe('01:01:01')
  expect(elapsed(row, 90_061_000)).toBe('1-01:01:01')
})
