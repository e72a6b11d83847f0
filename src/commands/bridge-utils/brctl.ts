/** brctl(8) of bridge-utils 1.7: brctl/brctl.c, brctl_cmd.c */

import { SHOW_HEAD } from '../../render/bridge-utils/brctl.ts'
import { errorText } from '../../render/iproute2/errno.ts'
import { ok, type Refusal, type Result, refuse } from '../../sim/base/result.ts'
import type { BridgeLink } from '../../sim/kernel/link/types.ts'
import {
  addBridgePort,
  deleteBridgePort,
  setAgeing,
  setBridgePriority,
  setForwardDelay,
  setHelloTime,
  setMaxAge,
  setPathCost,
  setPortPriority,
  setStp,
} from '../../sim/kernel/netlink/bridge.ts'
import { addLink, deleteLink, findLink } from '../../sim/kernel/netlink/link.ts'
import type { Command, CommandContext } from '../context.ts'
import { allBridges, findBridge, secondsWord, showBridge, showMacs, showStp } from './bridges.ts'

interface Verb {
  readonly name: string
  readonly least: number
  readonly help: string
  readonly run: (context: CommandContext, words: readonly string[]) => number
}

/** How long a name of an interface is at most: the kernel cuts the rest off. */
const cut = (name: string): string => name.slice(0, 15)

function fail(context: CommandContext, text: string): number {
  context.err(`${text}\n`)
  return 1
}

/** Changes are allowed to CAP_NET_ADMIN alone. */
function permitted<T>(context: CommandContext, act: () => Result<T>): Result<T> {
  return context.process.capabilities.has('NET_ADMIN') ? act() : refuse('EPERM')
}

function show(context: CommandContext, words: readonly string[]): number {
  if (words.length === 0) {
    if (allBridges(context).length === 0) return 0
    context.out(
      SHOW_HEAD +
        allBridges(context)
          .map((bridge) => showBridge(context, bridge))
          .join(''),
    )
    return 0
  }
  let status = 0
  let text = ''
  for (const name of words) {
    const link = findLink(context.netns, name)
    if (link?.kind === 'bridge') text += showBridge(context, link)
    else {
      status = fail(
        context,
        link === undefined ? `bridge ${name} does not exist!` : `device ${name} is not a bridge!`,
      )
    }
  }
  if (text !== '') context.out(SHOW_HEAD + text)
  return status
}

function addBridge(context: CommandContext, [name = '']: readonly string[]): number {
  const made = permitted(context, () =>
    addLink(context.world, context.netns, { kind: 'bridge', name: cut(name), txQueueLength: 1000 }),
  )
  if (made.ok) return 0
  if (made.error.code === 'EEXIST') {
    return fail(context, `device ${name} already exists; can't create bridge with the same name`)
  }
  return fail(context, `add bridge failed: ${errorText(made.error.code)}`)
}

function deleteBridge(context: CommandContext, [name = '']: readonly string[]): number {
  const done = permitted(context, () => {
    const link = findLink(context.netns, name)
    if (link === undefined) return refuse('ENXIO')
    if (link.kind !== 'bridge') return refuse('EPERM')
    return link.up ? refuse('EBUSY') : deleteLink(context.world, context.netns, link)
  })
  if (done.ok) return 0
  const { code } = done.error
  if (code === 'ENXIO') return fail(context, `bridge ${name} doesn't exist; can't delete it`)
  if (code === 'EBUSY') return fail(context, `bridge ${name} is still up; can't delete it`)
  return fail(context, `can't delete bridge ${name}: ${errorText(code)}`)
}

function addPorts(context: CommandContext, [name = '', ...ports]: readonly string[]): number {
  for (const port of ports) {
    const error = joinPort(context, name, port)
    if (error === null) continue
    if (error.code === 'NOBRIDGE') return fail(context, `bridge ${name} does not exist!`)
    if (error.code === 'ENODEV') return fail(context, `interface ${port} does not exist!`)
    if (error.code === 'EBUSY') {
      return fail(context, `device ${port} is already a member of a bridge; can't add it to bridge ${name}.`)
    }
    if (error.code === 'ELOOP') {
      return fail(
        context,
        `device ${port} is a bridge device itself; can't add a bridge device to a bridge device.`,
      )
    }
    return fail(context, `can't add ${port} to bridge ${name}: ${errorText(error.code)}`)
  }
  return 0
}

function joinPort(context: CommandContext, name: string, port: string): Refusal | null {
  const link = findLink(context.netns, port)
  if (link === undefined) return { code: 'ENODEV' }
  const bridge = findBridge(context, name)
  if (bridge === undefined)
    return { code: findLink(context.netns, name) === undefined ? 'NOBRIDGE' : 'EOPNOTSUPP' }
  const done = permitted(context, () => addBridgePort(context.world, context.netns, bridge, link))
  return done.ok ? null : done.error
}

function deletePorts(context: CommandContext, [name = '', ...ports]: readonly string[]): number {
  for (const port of ports) {
    const link = findLink(context.netns, port)
    if (link === undefined) return fail(context, `interface ${port} does not exist!`)
    const bridge = findBridge(context, name)
    if (bridge === undefined) return fail(context, `bridge ${name} does not exist!`)
    if (link.master !== bridge.ifindex) return fail(context, `device ${port} is not a port of ${name}`)
    const done = permitted(context, () => deleteBridgePort(context.world, context.netns, link))
    if (!done.ok) return fail(context, `can't delete ${port} from ${name}: ${errorText(done.error.code)}`)
  }
  return 0
}

function onOff(context: CommandContext, word: string): boolean | null {
  if (['on', 'yes', '1'].includes(word)) return true
  if (['off', 'no', '0'].includes(word)) return false
  fail(context, 'expect on/off for argument')
  return null
}

function stp(context: CommandContext, [name = '', word = '']: readonly string[]): number {
  const on = onOff(context, word)
  if (on === null) return 1
  return setting(context, name, 'set stp status failed', (bridge) => {
    setStp(context.world, context.netns, bridge, on)
    return ok(undefined)
  })
}

function setting(
  context: CommandContext,
  name: string,
  failed: string,
  act: (bridge: BridgeLink) => Result<void>,
): number {
  const bridge = findBridge(context, name)
  const done = bridge === undefined ? refuse('ENODEV') : permitted(context, () => act(bridge))
  return done.ok ? 0 : fail(context, `${failed}: ${errorText(done.error.code)}`)
}

function timeSetting(what: string, failed: string, act: typeof setAgeing) {
  return (context: CommandContext, [name = '', word = '']: readonly string[]): number => {
    const ms = secondsWord(word)
    if (ms === null) return fail(context, `bad ${what} value`)
    return setting(context, name, failed, (bridge) => act(context.world, bridge, ms))
  }
}

function priority(context: CommandContext, [name = '', word = '']: readonly string[]): number {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(word)) return fail(context, 'bad priority')
  return setting(context, name, 'set bridge priority failed', (bridge) =>
    setBridgePriority(context.world, context.netns, bridge, Number(word)),
  )
}

function portSetting(what: string, failed: string, act: typeof setPathCost) {
  return (context: CommandContext, [name = '', port = '', word = '']: readonly string[]): number => {
    if (!/^(0x[0-9a-f]+|\d+)$/i.test(word)) return fail(context, `bad ${what}`)
    const link = findLink(context.netns, port)
    if (link === undefined) return fail(context, `${failed}: No such device`)
    const done = permitted(context, () => act(context.world, context.netns, link, Number(word)))
    return done.ok || findBridge(context, name) === undefined
      ? 0
      : fail(context, `${failed}: ${errorText(done.error.code)}`)
  }
}

function hairpin(context: CommandContext, [name = '', port = '', word = '']: readonly string[]): number {
  const on = onOff(context, word)
  if (on === null) return 1
  const link = findLink(context.netns, port)
  if (link === undefined) return fail(context, `interface ${port} does not exist!`)
  if (findBridge(context, name) === undefined) return fail(context, `bridge ${name} does not exist!`)
  if (link.port === null) {
    return fail(context, `can't set ${port} to hairpin on bridge ${name}: No such file or directory`)
  }
  link.port.hairpin = on
  return 0
}

function macs(context: CommandContext, [name = '']: readonly string[]): number {
  const bridge = findBridge(context, name)
  if (bridge === undefined) {
    const code = findLink(context.netns, name) === undefined ? 'ENODEV' : 'EOPNOTSUPP'
    return fail(context, `read of forward table failed: ${errorText(code)}`)
  }
  context.out(showMacs(context, bridge))
  return 0
}

function stpState(context: CommandContext, words: readonly string[]): number {
  let status = 0
  const names = words.length > 0 ? words : allBridges(context).map((bridge) => bridge.name)
  for (const name of names) {
    const link = findLink(context.netns, name)
    if (link?.kind === 'bridge') context.out(showStp(context, link))
    else
      status = fail(
        context,
        link === undefined ? `bridge ${name} does not exist!` : `device ${name} is not a bridge!`,
      )
  }
  return status
}

const VERBS: readonly Verb[] = [
  { name: 'addbr', least: 1, help: '<bridge>\t\tadd bridge', run: addBridge },
  { name: 'delbr', least: 1, help: '<bridge>\t\tdelete bridge', run: deleteBridge },
  { name: 'addif', least: 2, help: '<bridge> <device>\tadd interface to bridge', run: addPorts },
  { name: 'delif', least: 2, help: '<bridge> <device>\tdelete interface from bridge', run: deletePorts },
  { name: 'hairpin', least: 3, help: '<bridge> <port> {on|off}\tturn hairpin on/off', run: hairpin },
  {
    name: 'setageing',
    least: 2,
    help: '<bridge> <time>\t\tset ageing time',
    run: timeSetting('ageing time', 'set ageing time failed', setAgeing),
  },
  { name: 'setbridgeprio', least: 2, help: '<bridge> <prio>\t\tset bridge priority', run: priority },
  {
    name: 'setfd',
    least: 2,
    help: '<bridge> <time>\t\tset bridge forward delay',
    run: timeSetting('forward delay', 'set forward delay failed', setForwardDelay),
  },
  {
    name: 'sethello',
    least: 2,
    help: '<bridge> <time>\t\tset hello time',
    run: timeSetting('hello timer', 'set hello timer failed', setHelloTime),
  },
  {
    name: 'setmaxage',
    least: 2,
    help: '<bridge> <time>\t\tset max message age',
    run: timeSetting('max age', 'set max age failed', setMaxAge),
  },
  {
    name: 'setpathcost',
    least: 3,
    help: '<bridge> <port> <cost>\tset path cost',
    run: portSetting('path cost value', 'set path cost failed', setPathCost),
  },
  {
    name: 'setportprio',
    least: 3,
    help: '<bridge> <port> <prio>\tset port priority',
    run: portSetting('path priority value', 'set port priority failed', setPortPriority),
  },
  { name: 'show', least: 0, help: '[ <bridge> ]\t\tshow a list of bridges', run: show },
  { name: 'showmacs', least: 1, help: '<bridge>\t\tshow a list of mac addrs', run: macs },
  { name: 'showstp', least: 1, help: '<bridge>\t\tshow bridge stp info', run: stpState },
  { name: 'stp', least: 2, help: '<bridge> {on|off}\tturn stp on/off', run: stp },
]

function usage(): string {
  const lines = VERBS.map((verb) => `\t${verb.name.padEnd(10)}\t${verb.help}\n`)
  return `Usage: brctl [commands]\ncommands:\n${lines.join('')}`
}

export const brctl: Command = (context) => {
  const [, ...words] = context.argv
  // getopt looks at all words, wherever an option stands.
  const option = words.find((word) => word.startsWith('-') && word.length > 1)
  if (option === '-h' || option === '--help') {
    context.out(usage())
    return 0
  }
  if (option === '-V' || option === '--version') {
    context.out('bridge-utils, 1.7\n')
    return 0
  }
  if (option !== undefined) {
    const isLong = option.startsWith('--')
    const problem = isLong ? `unrecognized option '${option}'` : `invalid option -- '${option[1]}'`
    context.err(`brctl: ${problem}\nUnknown option '?'\n${usage()}`)
    return 1
  }
  const [name, ...rest] = words
  if (name === undefined) {
    context.out(usage())
    return 1
  }
  const verb = VERBS.find((one) => one.name === name)
  if (verb === undefined) {
    context.err(`never heard of command [${name}]\n${usage()}`)
    return 1
  }
  if (rest.length < verb.least) {
    context.err(`Incorrect number of arguments for command\nUsage: brctl ${verb.name} ${verb.help}\n`)
    return 1
  }
  return verb.run(context, rest)
}
