/** /proc/sys: net/ by `readSysctl` and `writeSysctl` in the namespace of who looks, kernel/ a few. proc_sys(5) */
import { ok } from '../../base/result.ts'
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import { readSysctl, sysctlKeys, writeSysctl } from '../sysctl/sysctl.ts'
import type { Process } from '../task/types.ts'
import { computedDirectory, computedFile } from './computed.ts'
import type { DirectoryNode, Inode } from './types.ts'

export function sysctlDirectory(
  sim: Simulation,
  kernel: Kernel,
  netnsId: number,
  looker: Process | undefined,
): DirectoryNode {
  return computedDirectory(() => {
    const top = new Map<string, Inode>([['kernel', kernelDirectory(sim, kernel, looker)]])
    const netns = kernel.namespaces.get(netnsId)
    if (netns === undefined) return top
    const keys = sysctlKeys(netns).map((key) => [key, key.split('.')] as const)
    top.set(
      'net',
      level(keys, 1, (key) => netFile(sim, kernel, netnsId, key)),
    )
    return top
  }, sim.epochMs)
}

function netFile(sim: Simulation, kernel: Kernel, netnsId: number, key: string): Inode {
  const netns = kernel.namespaces.get(netnsId)!
  return computedFile(() => `${readSysctl(netns, key)}\n`, {
    atMs: sim.epochMs,
    write: (text) => writeSysctl(sim, netns, key, text.trim()),
  })
}

type Key = readonly [key: string, parts: readonly string[]]

/** `net.ipv4.conf.eth0.forwarding` as directories; a dot in a device's name is written `/` in the key. */
function level(keys: readonly Key[], depth: number, leaf: (key: string) => Inode): DirectoryNode {
  return computedDirectory(() => {
    const below = new Map<string, Key[]>()
    for (const entry of keys) {
      const name = entry[1][depth]?.replaceAll('/', '.')
      if (name === undefined) continue
      const list = below.get(name)
      if (list === undefined) below.set(name, [entry])
      else list.push(entry)
    }
    const entries = new Map<string, Inode>()
    for (const [name, list] of below) {
      const end = list.find(([, parts]) => parts.length === depth + 1)
      entries.set(name, end === undefined ? level(list, depth + 1, leaf) : leaf(end[0]))
    }
    return entries
  })
}

function kernelDirectory(sim: Simulation, kernel: Kernel, looker: Process | undefined): DirectoryNode {
  const uts = looker === undefined ? undefined : kernel.utsNamespaces.get(looker.utsns)
  const setHostname = (text: string) => {
    if (uts !== undefined) uts.hostname = text.trim()
    return ok(undefined)
  }
  const hostname = uts?.hostname ?? kernel.host
  const fixed: [string, string][] = [
    ['domainname', '(none)'],
    ['osrelease', kernel.features.release],
    ['ostype', 'Linux'],
    ['pid_max', '32768'],
    ['threads-max', '31000'],
  ]
  const entries = new Map<string, Inode>(fixed.map(([name, text]) => [name, computedFile(() => `${text}\n`)]))
  entries.set(
    'hostname',
    computedFile(() => `${hostname}\n`, { write: setHostname, atMs: sim.epochMs }),
  )
  return computedDirectory(() => entries, sim.epochMs)
}
