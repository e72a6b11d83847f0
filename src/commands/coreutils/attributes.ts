/** Modes, sizes and owners of files as tools write them. inode(7), passwd(5) */
import { encodeUtf8 } from '../../sim/base/utf8.ts'
import { readFileAt } from '../../sim/kernel/fs/files.ts'
import type { Inode } from '../../sim/kernel/fs/types.ts'
import type { CommandContext } from '../context.ts'

const TYPES: Readonly<Record<Inode['kind'], string>> = {
  file: '-',
  program: '-',
  directory: 'd',
  symlink: 'l',
  device: 'c',
  socket: 's',
  namespace: '-',
}

/** `drwxr-xr-x`. */
export function modeText(node: Inode): string {
  let text = TYPES[node.kind]
  for (const shift of [6, 3, 0]) {
    const bits = node.mode >> shift
    text += (bits & 4 ? 'r' : '-') + (bits & 2 ? 'w' : '-')
    const special = shift === 0 && (node.mode & 0o1000) !== 0
    text += special ? (bits & 1 ? 't' : 'T') : bits & 1 ? 'x' : '-'
  }
  return text
}

export function sizeOf(node: Inode): number {
  switch (node.kind) {
    case 'file':
      if ('size' in node) return (node as { size: number }).size
      return typeof node.content === 'string' ? encodeUtf8(node.content).length : node.content.length
    case 'program':
      return node.size
    case 'directory':
      return Object.getOwnPropertyDescriptor(node, 'entries')?.get === undefined ? 4096 : 0
    case 'symlink':
      return node.target.startsWith('../../devices') ? 0 : node.target.length
    default:
      return 0
  }
}

export function userName(context: CommandContext, uid: number): string {
  return nameIn(context, '/etc/passwd', uid)
}

export function groupName(context: CommandContext, gid: number): string {
  return nameIn(context, '/etc/group', gid)
}

function nameIn(context: CommandContext, path: string, id: number): string {
  const text = readFileAt(context.world, context.kernel, context.process, path)
  const line = text.ok ? text.value.split('\n').find((one) => one.split(':')[2] === String(id)) : undefined
  return line?.split(':')[0] ?? (id === 0 ? 'root' : String(id))
}

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

export function findAccount(context: CommandContext, name: string): Account | null {
  const text = readFileAt(context.world, context.kernel, context.process, '/etc/passwd')
  const fields = text.ok
    ? text.value
        .split('\n')
        .map((line) => line.split(':'))
        .find((one) => one[0] === name)
    : undefined
  if (fields === undefined) return null
  return {
    name,
    uid: Number(fields[2]),
    gid: Number(fields[3]),
    home: fields[5] ?? '/',
    shell: fields[6] ?? '/bin/sh',
  }
}

/** `755`, `u+x`, `go-w`; null: not a mode. */
export function changedMode(mode: number, spec: string): number | null {
  if (/^[0-7]{1,4}$/.test(spec)) return Number.parseInt(spec, 8)
  let result = mode
  for (const clause of spec.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause)
    if (match === null) return null
    const who = match[1] === '' || match[1]!.includes('a') ? 'ugo' : match[1]!
    let bits = 0
    for (const c of match[3]!) bits |= { r: 4, w: 2, x: 1, X: 1 }[c] ?? 0
    for (const c of who) {
      const shift = { u: 6, g: 3, o: 0 }[c] ?? 0
      if (match[2] === '+') result |= bits << shift
      else if (match[2] === '-') result &= ~(bits << shift)
      else result = (result & ~(7 << shift)) | (bits << shift)
    }
  }
  return result
}
