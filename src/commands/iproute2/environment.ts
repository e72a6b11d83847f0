/** What every object of `ip` is handed: the command's context, the namespace it works in, the options, ways to answer. */

import { errorText } from '../../render/iproute2/errno.ts'
import type { Fields, Style } from '../../render/iproute2/fields.ts'
import { printRows } from '../../render/iproute2/fields.ts'
import type { Result } from '../../sim/base/result.ts'
import { lookup } from '../../sim/kernel/fs/files.ts'
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import type { CommandContext } from '../context.ts'
import { GiveUp } from './words.ts'

export const NETNS_FOLDER = '/run/netns'

export interface IpOptions extends Style {
  readonly family: 4 | 6 | 'link' | null
  readonly brief: boolean
  readonly details: boolean
  readonly statistics: number
  readonly all: boolean
  /** `-t`, `-ts` of a monitor. */
  readonly timestamp?: 'long' | 'short'
}

export interface Ip {
  readonly context: CommandContext
  readonly netns: NetNamespace
  readonly options: IpOptions
}

export interface NamedNamespace {
  readonly name: string
  /** Null: the file is no namespace. */
  readonly id: number | null
}

/** Namespaces with a name, in the order of the directory: newest first, as tmpfs lists. */
/** Where names are looked up. */
export type NameFolder = Pick<CommandContext, 'world' | 'kernel' | 'process'>

export function namedNamespaces(context: NameFolder): NamedNamespace[] {
  const { world, kernel, process } = context
  const folder = lookup(world, kernel, process, NETNS_FOLDER)
  if (!folder.ok || folder.value.kind !== 'directory') return []
  return [...folder.value.entries]
    .map(([name]) => ({ name, id: namespaceAt(context, `${NETNS_FOLDER}/${name}`) }))
    .reverse()
}

export function namespaceAt(context: NameFolder, path: string): number | null {
  const node = lookup(context.world, context.kernel, context.process, path)
  return node.ok && node.value.kind === 'namespace' && node.value.type === 'net' ? node.value.id : null
}

export function nameOfNamespace(context: NameFolder, id: number): string | null {
  return namedNamespaces(context).find((one) => one.id === id)?.name ?? null
}

/** The namespace with that name, or `ip`'s words for there being none. */
export function openNamed(context: CommandContext, name: string): NetNamespace {
  const path = `${NETNS_FOLDER}/${name}`
  const node = lookup(context.world, context.kernel, context.process, path)
  if (!node.ok) {
    throw new GiveUp(`Cannot open network namespace "${name}": ${errorText(node.error.code)}\n`, 255)
  }
  const id = namespaceAt(context, path)
  const netns = id === null ? undefined : context.kernel.namespaces.get(id)
  if (netns === undefined)
    throw new GiveUp(`setting the network namespace "${name}" failed: Invalid argument\n`, 255)
  return netns
}

/** The kernel's refusal as iproute2 words it; status 2. */
export function answer(ip: Ip, result: Result<unknown>, status = 2): number {
  if (result.ok) return 0
  const { code, detail } = result.error
  ip.context.err(detail === undefined ? `RTNETLINK answers: ${errorText(code)}\n` : `Error: ${detail}.\n`)
  return status
}

/** rtnetlink lets only CAP_NET_ADMIN change things. */
export function mayChange(context: CommandContext): boolean {
  return context.process.capabilities.has('NET_ADMIN')
}

/** Does what is asked for if the process may. */
export function change(ip: Ip, act: () => Result<unknown>): number {
  if (!mayChange(ip.context)) return answer(ip, { ok: false, error: { code: 'EPERM' } })
  return answer(ip, act())
}

export function show(ip: Ip, rows: readonly Fields[]): number {
  ip.context.out(printRows(rows, ip.options))
  return 0
}
