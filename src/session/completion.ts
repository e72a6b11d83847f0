/** What Tab offers at a session's prompt: programs, sub-commands, containers, networks, images, devices, files. */

import { builtins } from '../shell/builtins/table.ts'
import type { Completion } from '../shell/editor/complete.ts'
import type { ShellState } from '../shell/state.ts'
import { lookup, readdir } from '../sim/kernel/fs/files.ts'
import type { Kernel } from '../sim/kernel/kernel.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import type { World } from '../sim/world/world.ts'

interface Place {
  readonly world: World
  readonly kernel: Kernel
  readonly process: Process
  readonly state: ShellState
  readonly tutorWords: readonly string[]
}

/** Words of the command the cursor is in, up to the cursor; the last one is being typed. */
function wordsBefore(text: string): { words: string[]; start: number } {
  const command = /(?:[|;&(]|\$\()\s*([^|;&(]*)$|^\s*([^|;&(]*)$/.exec(text)
  const part = command?.[1] ?? command?.[2] ?? ''
  const words = part.split(/\s+/)
  const last = words.at(-1) ?? ''
  return { words, start: text.length - last.length }
}

export function completeLine(place: Place, line: string, cursor: number): Completion {
  const { words, start } = wordsBefore(line.slice(0, cursor))
  const typed = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  while (/^(sudo|time|watch|nohup|env|\w+=.*)$/.test(before[0] ?? '')) before.shift()
  const offered =
    before.length === 0 && !typed.includes('/') ? commandNames(place) : argumentsFor(place, before)
  const matches =
    offered === null ? [] : [...new Set(offered)].filter((word) => word.startsWith(typed)).sort()
  if (matches.length > 0) return { start, candidates: matches }
  const equals = /^(--?[\w-]+=)(.*)$/.exec(typed)
  const value = equals?.[2] ?? typed
  return { start: start + (typed.length - value.length), candidates: files(place, value) }
}

function commandNames(place: Place): string[] {
  const { world, kernel, process, state } = place
  const names = [...builtins.keys(), ...state.functions.keys(), ...state.aliases.keys()]
  for (const folder of (process.env.get('PATH') ?? '/usr/sbin:/usr/bin:/sbin:/bin').split(':')) {
    const entries = readdir(world, kernel, process, folder)
    if (entries.ok) names.push(...entries.value.map(([name]) => name))
  }
  return names
}

const DOCKER = [
  'attach',
  'build',
  'commit',
  'compose',
  'container',
  'cp',
  'create',
  'diff',
  'events',
  'exec',
  'history',
  'image',
  'images',
  'info',
  'inspect',
  'kill',
  'logs',
  'network',
  'node',
  'pause',
  'port',
  'ps',
  'pull',
  'rename',
  'restart',
  'rm',
  'rmi',
  'run',
  'service',
  'start',
  'stats',
  'stop',
  'swarm',
  'system',
  'tag',
  'top',
  'unpause',
  'update',
  'version',
  'volume',
  'wait',
]
const DOCKER_NETWORK = ['connect', 'create', 'disconnect', 'inspect', 'ls', 'prune', 'rm']
const DOCKER_CONTAINER = [
  'attach',
  'create',
  'exec',
  'inspect',
  'kill',
  'logs',
  'ls',
  'pause',
  'port',
  'prune',
  'rename',
  'restart',
  'rm',
  'run',
  'start',
  'stats',
  'stop',
  'top',
  'unpause',
  'wait',
]
const IP: Readonly<Record<string, readonly string[]>> = {
  '': ['addr', 'address', 'link', 'monitor', 'neigh', 'netns', 'route', 'rule'],
  link: ['add', 'delete', 'set', 'show'],
  addr: ['add', 'del', 'flush', 'show'],
  address: ['add', 'del', 'flush', 'show'],
  route: ['add', 'append', 'change', 'del', 'flush', 'get', 'replace', 'show'],
  neigh: ['add', 'change', 'del', 'flush', 'replace', 'show'],
  netns: ['add', 'attach', 'delete', 'exec', 'identify', 'list', 'pids', 'set'],
  rule: ['add', 'del', 'show'],
}
const BRCTL = [
  'addbr',
  'addif',
  'delbr',
  'delif',
  'hairpin',
  'setageing',
  'setbridgeprio',
  'setfd',
  'sethello',
  'setmaxage',
  'setpathcost',
  'setportprio',
  'show',
  'showmacs',
  'showstp',
  'stp',
]
const CONTAINER_COMMANDS =
  /^(attach|exec|inspect|kill|logs|pause|port|rename|restart|rm|start|stats|stop|top|unpause|update|wait|cp|commit|diff)$/

/** Null: files. */
function argumentsFor(place: Place, words: readonly string[]): string[] | null {
  const [command = '', ...rest] = words
  const previous = words.at(-1) ?? ''
  if (command === 'tutor') return [...place.tutorWords]
  if (command === 'docker') return dockerWords(place, rest, previous)
  if (
    ['dev', 'master', 'link', '-i', 'iif', 'oif'].includes(previous) &&
    command !== 'docker' &&
    previous !== 'link'
  )
    return devices(place)
  if (command === 'ip')
    return ipWords(
      place,
      rest.filter((word) => !word.startsWith('-')),
      previous,
    )
  if (command === 'brctl') return rest.length === 0 ? BRCTL : devices(place)
  if (command === 'bridge')
    return rest.length === 0
      ? ['fdb', 'link', 'mdb', 'monitor', 'vlan']
      : rest.length === 1
        ? ['show', 'add', 'del', 'set']
        : devices(place)
  if (/^(ifconfig|ethtool|tcpdump)$/.test(command))
    return previous === '-i' || command !== 'tcpdump' ? devices(place) : null
  if (/^(iptables|ip6tables)$/.test(command)) return iptablesWords(previous)
  return null
}

function iptablesWords(previous: string): string[] | null {
  if (previous === '-t') return ['filter', 'mangle', 'nat', 'raw']
  if (/^-[AIDLSFNPXRZ]$/.test(previous))
    return ['FORWARD', 'INPUT', 'OUTPUT', 'POSTROUTING', 'PREROUTING', 'DOCKER', 'DOCKER-USER']
  if (previous === '-j')
    return ['ACCEPT', 'DNAT', 'DROP', 'LOG', 'MASQUERADE', 'REJECT', 'RETURN', 'SNAT', 'DOCKER']
  return null
}

function ipWords(place: Place, words: readonly string[], previous: string): string[] | null {
  const [object = ''] = words
  if (words.length === 0) return [...IP['']!]
  if (words.length === 1) return [...(IP[object] ?? []), ...(object === 'link' ? devices(place) : [])]
  if (object === 'netns') return words.length === 2 ? namespaces(place) : null
  if (object === 'link' && /^(set|show|delete|del)$/.test(previous)) return devices(place)
  if (object === 'link' && previous === 'type')
    return ['bridge', 'dummy', 'ipvlan', 'macvlan', 'veth', 'vlan', 'vxlan']
  return previous === 'show' ? devices(place) : null
}

function namespaces({ world, kernel, process }: Place): string[] {
  const entries = readdir(world, kernel, process, '/run/netns')
  return entries.ok ? entries.value.map(([name]) => name) : []
}

function devices({ kernel, process }: Place): string[] {
  return [...(kernel.namespaces.get(process.netns)?.links.values() ?? [])].map((link) => link.name)
}

function dockerWords(place: Place, words: readonly string[], previous: string): string[] | null {
  const engine = place.world.engines.get(place.kernel.host) ?? [...place.world.engines.values()][0]
  const containers = [...(engine?.containers.values() ?? [])].map((one) => one.name)
  const networks = [...(engine?.networks.values() ?? [])].map((one) => one.name)
  if (words.length === 0) return DOCKER
  if (/^--net(work)?$/.test(previous)) return [...networks, 'host', 'none']
  const [first = '', second] = words
  if (first === 'network') {
    if (words.length === 1) return DOCKER_NETWORK
    return /^(connect|disconnect)$/.test(second!) && networks.includes(previous) ? containers : networks
  }
  if (first === 'container') return words.length === 1 ? DOCKER_CONTAINER : containers
  if (CONTAINER_COMMANDS.test(first)) {
    const given = words.slice(1).some((word) => containers.includes(word))
    if (first === 'exec' && given) return null
    return first === 'inspect' ? [...containers, ...networks] : containers
  }
  return first === 'run' || first === 'create' || first === 'rmi' ? images(engine) : null
}

function images(engine: { readonly images?: unknown } | undefined): string[] {
  const list = engine?.images instanceof Map ? [...engine.images.values()] : []
  return list.flatMap((image) => {
    const { names, tags, name } = image as { names?: string[]; tags?: string[]; name?: string }
    return (names ?? tags ?? (name === undefined ? [] : [name])).map((one) => one.replace(/:latest$/, ''))
  })
}

function files(place: Place, typed: string): string[] {
  const { world, kernel, process } = place
  const cut = typed.lastIndexOf('/') + 1
  const folder = typed.slice(0, cut)
  const entries = readdir(world, kernel, process, folder === '' ? '.' : folder.replace(/^~(?=\/)/, '/root'))
  if (!entries.ok) return []
  return entries.value
    .filter(
      ([name]) =>
        name.startsWith(typed.slice(cut)) && (typed.slice(cut).startsWith('.') || !name.startsWith('.')),
    )
    .map(([name]) => {
      const path = folder + name
      const node = lookup(world, kernel, process, path.replace(/^~(?=\/)/, '/root'))
      return node.ok && node.value.kind === 'directory' ? `${path}/` : path
    })
}
