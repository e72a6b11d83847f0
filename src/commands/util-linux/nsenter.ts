/**
 * nsenter(1). util-linux sys-utils/nsenter.c. Not modelled: user, ipc, cgroup and time namespaces (there is one of each:
 * entering it changes nothing), SELinux contexts, `--net-socket`.
 */
import { errorText } from '../../render/coreutils/strerror.ts'
import type { CommandContext, ExecOverrides } from '../context.ts'
import { type OptionTable, type ParsedOptions, parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import {
  loginShell,
  NAMESPACE_TYPES,
  type NamespaceType,
  type OpenNamespace,
  openNamespace,
  overridesFor,
  runIn,
  targetProcess,
} from './namespaces.ts'
import { nsenterHelp } from './nsenter-help.ts'
import { answerUsage } from './usage.ts'

const TABLE: OptionTable = {
  short: 'ahVt:m::u::i::n::p::C::U::T::S:G:r::w::W:FeZcN:',
  long: {
    ...{ all: 'flag', help: 'flag', version: 'flag', target: 'value', mount: 'optional', uts: 'optional' },
    ...{ ipc: 'optional', net: 'optional', pid: 'optional', cgroup: 'optional', user: 'optional' },
    ...{
      time: 'optional',
      setuid: 'value',
      setgid: 'value',
      root: 'optional',
      wd: 'optional',
      wdns: 'value',
    },
    ...{ 'no-fork': 'flag', 'preserve-credentials': 'flag', 'follow-context': 'flag', env: 'flag' },
  },
  strict: true,
}

const TYPE_OF: Readonly<Record<string, NamespaceType>> = {
  ...{ m: 'mnt', mount: 'mnt', u: 'uts', uts: 'uts', i: 'ipc', ipc: 'ipc', n: 'net', net: 'net' },
  ...{
    p: 'pid',
    pid: 'pid',
    C: 'cgroup',
    cgroup: 'cgroup',
    U: 'user',
    user: 'user',
    T: 'time',
    time: 'time',
  },
}

/** A complaint that ends the program. */
class Refused extends Error {}

export async function nsenter(context: CommandContext): Promise<number> {
  const parsed = parseOptions(context.argv, TABLE)
  if (!parsed.ok) return answerUsage(context, 'nsenter', parsed.error)
  const { options, operands } = parsed.value
  const has = (...names: string[]): boolean => options.some((one) => names.includes(one.name))
  if (has('h', 'help')) {
    context.out(nsenterHelp(context.world))
    return 0
  }
  if (has('V', 'version')) {
    context.out(`nsenter from util-linux ${toolVersions(context.world).utilLinux}\n`)
    return 0
  }
  const unknown = options.find((one) => ['Z', 'c', 'N', 'follow-context'].includes(one.name))
  if (unknown !== undefined)
    return notModelled(context, `nsenter ${unknown.name.length > 1 ? '--' : '-'}${unknown.name}`)
  try {
    const overrides = chosenOverrides(context, options)
    return await run(context, operands, overrides)
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem
    context.err(`nsenter: ${problem.message}\n`)
    return 1
  }
}

async function run(
  context: CommandContext,
  operands: readonly string[],
  overrides: ExecOverrides,
): Promise<number> {
  const shell = loginShell(context)
  const argv = operands.length > 0 ? operands : shell.argv
  if (operands.length === 0) overrides.argv0 = shell.argv0
  if (context.findProgram(argv[0]!, overrides) === null) {
    context.err(`nsenter: failed to execute ${argv[0]}: No such file or directory\n`)
    return 127
  }
  return runIn(context, argv, overrides)
}

function chosenOverrides(context: CommandContext, options: ParsedOptions['options']): ExecOverrides {
  const target = targetNumber(options)
  const opened = enterAll(context, openAll(context, options, target))
  const overrides = overridesFor(opened)
  for (const { name, value } of options) {
    if (name === 'S' || name === 'setuid') setUser(overrides, value)
    if (name === 'r' || name === 'root') enterRoot(context, overrides, target, value)
    if (name === 'w' || name === 'wd' || name === 'W' || name === 'wdns')
      overrides.cwd = value || (targetOf(context, target)?.cwd ?? '/')
  }
  return overrides
}

function targetNumber(options: ParsedOptions['options']): number | null {
  const text = options.findLast((one) => one.name === 't' || one.name === 'target')?.value
  if (text === undefined) return null
  if (!/^\d+$/.test(text)) throw new Refused(`failed to parse pid: '${text}'`)
  return Number(text)
}

function targetOf(context: CommandContext, target: number | null) {
  return target === null ? undefined : targetProcess(context, target)
}

/** Files given are opened first, then the target's, type by type. */
function openAll(
  context: CommandContext,
  options: ParsedOptions['options'],
  target: number | null,
): [NamespaceType, OpenNamespace | null][] {
  const opened = new Map<NamespaceType, OpenNamespace | null>()
  const wanted = new Set<NamespaceType>()
  for (const { name, value } of options) {
    const type = TYPE_OF[name]
    if (type === undefined) continue
    if (value === '') wanted.add(type)
    else opened.set(type, open(context, value))
  }
  const isAll = options.some((one) => one.name === 'a' || one.name === 'all')
  if (isAll && target === null) throw new Refused('no target PID specified for --all')
  for (const type of NAMESPACE_TYPES) {
    if (opened.has(type) || !(wanted.has(type) || isAll)) continue
    if (target === null) throw new Refused(`neither filename nor target pid supplied for ns/${type}`)
    opened.set(type, open(context, `/proc/${target}/ns/${type}`))
  }
  return NAMESPACE_TYPES.filter((type) => opened.has(type)).map((type) => [type, opened.get(type) ?? null])
}

function open(context: CommandContext, path: string): OpenNamespace | null {
  const result = openNamespace(context, path)
  if (!result.ok) throw new Refused(`cannot open ${path}: ${errorText(result.error.code)}`)
  return result.value
}

/** setns(2): only into a namespace of the type that was said, and only with CAP_SYS_ADMIN. */
function enterAll(
  context: CommandContext,
  opened: readonly [NamespaceType, OpenNamespace | null][],
): OpenNamespace[] {
  return opened.map(([type, namespace]) => {
    const failed = `reassociate to namespace 'ns/${type}' failed`
    if (namespace?.type !== type) throw new Refused(`${failed}: Invalid argument`)
    if (!context.process.capabilities.has('SYS_ADMIN'))
      throw new Refused(`${failed}: Operation not permitted`)
    return namespace
  })
}

function setUser(overrides: ExecOverrides, text: string): void {
  if (!/^\d+$/.test(text)) throw new Refused(`failed to parse uid: '${text}'`)
  overrides.uid = Number(text)
  if (overrides.uid !== 0) overrides.capabilities = new Set()
}

/** The root of the target, which lies in the target's mount namespace. */
function enterRoot(
  context: CommandContext,
  overrides: ExecOverrides,
  target: number | null,
  path: string,
): void {
  const process = targetOf(context, target)
  if (path === '' && process === undefined)
    throw new Refused('neither filename nor target pid supplied for root')
  overrides.root = path === '' ? process!.root : path
  if (path === '') overrides.mountns = process!.mountns
  overrides.cwd = '/'
}
