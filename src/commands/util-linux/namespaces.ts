/** Files of namespaces as programs open them, and who may. namespaces(7), setns(2), ptrace(2) "access mode checking" */
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import { isMagic } from '../../sim/kernel/fs/computed.ts'
import { lookup, lstat } from '../../sim/kernel/fs/files.ts'
import { resolve } from '../../sim/kernel/fs/resolve.ts'
import { findProcess } from '../../sim/kernel/task/process.ts'
import type { Process } from '../../sim/kernel/task/types.ts'
import type { CommandContext, ExecOverrides } from '../context.ts'

export type NamespaceType = 'user' | 'cgroup' | 'ipc' | 'uts' | 'net' | 'pid' | 'mnt' | 'time'

/** In the order in which nsenter opens them. */
export const NAMESPACE_TYPES: readonly NamespaceType[] = [
  ...(['user', 'cgroup', 'ipc', 'uts', 'net', 'pid', 'mnt', 'time'] as const),
]

/** `id` null: one of a type that is not modelled; there is but one of it. */
export interface OpenNamespace {
  readonly type: NamespaceType
  readonly id: number | null
}

/** The pid namespace whose processes /proc shows to a process; null where /proc is no proc. */
export function pidnsOfProc(context: CommandContext, process: Process = context.process): number | null {
  const found = resolve(context.world, context.kernel, process, '/proc')
  if (!found.ok || found.value.filesystem.type !== 'proc') return null
  return found.value.filesystem.pidns ?? process.pidns
}

/** PTRACE_MODE_READ: may look into a process that holds no more privileges. */
export function mayInspect(viewer: Process, target: Process): boolean {
  if (viewer === target || viewer.capabilities.has('SYS_PTRACE')) return true
  if (viewer.uid !== target.uid) return false
  return [...target.capabilities].every((name) => viewer.capabilities.has(name))
}

export function targetProcess(context: CommandContext, number: number): Process | undefined {
  const pidns = pidnsOfProc(context)
  return pidns === null ? undefined : findProcess(context.kernel, pidns, number)
}

/** open(2) on a file of nsfs; any other file opens too and is refused later (`type` null). */
export function openNamespace(context: CommandContext, path: string): Result<OpenNamespace | null> {
  const { world, kernel, process } = context
  const inProc = /^\/proc\/(\d+)\/ns\//.exec(path)
  const target = inProc === null ? undefined : targetProcess(context, Number(inProc[1]))
  if (target !== undefined && !mayInspect(process, target)) return refuse('EACCES')
  const link = lstat(world, kernel, process, path)
  if (!link.ok) return link
  if (isMagic(link.value) && link.value.leadsTo === null) {
    return ok({ type: link.value.target.slice(0, link.value.target.indexOf(':')) as NamespaceType, id: null })
  }
  const node = lookup(world, kernel, process, path)
  if (!node.ok) return node
  return ok(node.value.kind === 'namespace' ? { type: node.value.type, id: node.value.id } : null)
}

/** What a process looks like once it is in these namespaces. A new mount namespace means its root. */
export function overridesFor(opened: readonly OpenNamespace[]): ExecOverrides {
  const overrides: ExecOverrides = {}
  for (const { type, id } of opened) {
    if (id === null) continue
    if (type === 'net') overrides.netns = id
    if (type === 'uts') overrides.utsns = id
    if (type === 'pid') overrides.pidns = id
    if (type === 'mnt') Object.assign(overrides, { mountns: id, root: '/', cwd: '/' })
  }
  return overrides
}

/** Runs the program in the namespaces: in this process's place, or in a child where the pid namespace is another. */
export function runIn(
  context: CommandContext,
  argv: readonly string[],
  overrides: ExecOverrides,
): Promise<number> {
  if (overrides.pidns !== undefined && overrides.pidns !== context.process.pidns)
    return context.exec(argv, overrides)
  const { pidns: _pidns, host: _host, ...rest } = overrides
  return context.replace(argv, rest)
}

/** util-linux's exec_shell(): the user's shell as a login shell. */
export function loginShell(context: CommandContext): { readonly argv: string[]; readonly argv0: string } {
  const shell = context.process.env.get('SHELL') || '/bin/sh'
  return { argv: [shell], argv0: `-${shell.slice(shell.lastIndexOf('/') + 1)}` }
}
