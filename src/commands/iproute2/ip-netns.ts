/** `ip netns`: names for network namespaces are files below /run/netns. ip/ipnetns.c, ip-netns(8) */

import { errorText } from '../../render/iproute2/errno.ts'
import { Fields } from '../../render/iproute2/fields.ts'
import { refuse } from '../../sim/base/result.ts'
import { lookup, mkdir, mknod, unlink } from '../../sim/kernel/fs/files.ts'
import { createFilesystem } from '../../sim/kernel/fs/filesystem.ts'
import { addMount, copyMountNamespace } from '../../sim/kernel/fs/mount.ts'
import { namespaceNode } from '../../sim/kernel/fs/tree.ts'
import { createNamespace, knownNetnsId, setPeerNetnsId } from '../../sim/kernel/netlink/namespace.ts'
import { releaseNamespace } from '../../sim/kernel/netlink/references.ts'
import { notModelled } from '../not-modelled.ts'
import {
  answer,
  type Ip,
  mayChange,
  NETNS_FOLDER,
  namedNamespaces,
  nameOfNamespace,
  namespaceAt,
  openNamed,
  show,
} from './environment.ts'
import { findProcess } from './link-words.ts'
import { NETNS_USAGE } from './usage.ts'
import { GiveUp, matches, type Words } from './words.ts'

export function ipNetns(ip: Ip, words: Words): number | Promise<number> {
  if (!words.more) return list(ip)
  const verb = words.take()
  if (verb === 'list-id') return listIds(ip)
  if (matches(verb, 'list', 'show', 'lst')) return list(ip)
  if (verb === 'help') throw new GiveUp(NETNS_USAGE, 255)
  if (matches(verb, 'add')) return add(ip, words)
  if (matches(verb, 'set')) return setId(ip, words)
  if (matches(verb, 'delete')) return remove(ip, words)
  if (matches(verb, 'identify')) return identify(ip, words)
  if (matches(verb, 'pids')) return pids(ip, words)
  if (matches(verb, 'exec')) return exec(ip, words)
  if (matches(verb, 'monitor')) return notModelled(ip.context, 'ip netns monitor')
  if (matches(verb, 'attach')) return attach(ip, words)
  throw new GiveUp(`Command "${verb}" is unknown, try "ip netns help".\n`, 255)
}

function list(ip: Ip): number {
  const rows = namedNamespaces(ip.context).map(({ name, id }) => {
    const fields = new Fields().add('name', name, name)
    const number = id === null ? null : knownNetnsId(ip.netns, id)
    if (number !== null) fields.add('id', number, ` (id: ${number})`)
    return fields.put('\n')
  })
  return rows.length === 0 ? 0 : show(ip, rows)
}

function listIds(ip: Ip): number {
  const rows = [...ip.netns.peerIds].sort(([x], [y]) => x - y)
  return show(
    ip,
    rows.map(([number, inode]) => {
      const fields = new Fields().add('nsid', number, `nsid ${number} `)
      const name = nameOfNamespace(ip.context, inode)
      if (name !== null) fields.add('name', name, `(iproute2 netns name: ${name})`)
      return fields.put('\n')
    }),
  )
}

function nameWord(words: Words, verb: string): string {
  if (!words.more) throw new GiveUp('No netns name specified\n', 1)
  const name = words.take()
  if (name === '' || name.includes('/') || name === '.' || name === '..') {
    throw new GiveUp(`Invalid netns name "${name}"\n`, 255)
  }
  if (verb === 'add' && words.more) throw new GiveUp(`extra arguments specified\n`, 255)
  return name
}

function makeFile(ip: Ip, name: string, id: number): number {
  const { world, kernel, process } = ip.context
  mkdir(world, kernel, process, NETNS_FOLDER)
  const made = mknod(world, kernel, process, `${NETNS_FOLDER}/${name}`, namespaceNode('net', id))
  if (made.ok) return 0
  ip.context.err(`Cannot create namespace file "${NETNS_FOLDER}/${name}": ${errorText(made.error.code)}\n`)
  return 1
}

function add(ip: Ip, words: Words): number {
  const name = nameWord(words, 'add')
  const { world, kernel, process } = ip.context
  if (!process.capabilities.has('SYS_ADMIN')) {
    throw new GiveUp(`mkdir ${NETNS_FOLDER} failed: Permission denied\n`, 1)
  }
  if (lookup(world, kernel, process, `${NETNS_FOLDER}/${name}`).ok) {
    throw new GiveUp(`Cannot create namespace file "${NETNS_FOLDER}/${name}": File exists\n`, 1)
  }
  return makeFile(ip, name, createNamespace(world, kernel).id)
}

function attach(ip: Ip, words: Words): number {
  const name = nameWord(words, 'attach')
  const number = words.more ? words.take() : ''
  if (!/^\d+$/.test(number)) throw new GiveUp(`Invalid PID: ${number}\n`, 255)
  const process = findProcess(ip, Number(number))
  if (process === undefined)
    throw new GiveUp(
      `Bind /proc/${number}/ns/net -> ${NETNS_FOLDER}/${name} failed: No such file or directory\n`,
      1,
    )
  return makeFile(ip, name, process.netns)
}

function remove(ip: Ip, words: Words): number {
  if (!words.more && ip.options.all) {
    return namedNamespaces(ip.context).reduce((status, { name }) => removeOne(ip, name) || status, 0)
  }
  return removeOne(ip, nameWord(words, 'delete'))
}

function removeOne(ip: Ip, name: string): number {
  const { world, kernel, process } = ip.context
  const path = `${NETNS_FOLDER}/${name}`
  const node = lookup(world, kernel, process, path)
  const gone = unlink(world, kernel, process, path)
  if (!gone.ok) {
    ip.context.err(`Cannot remove namespace file "${path}": ${errorText(gone.error.code)}\n`)
    return 1
  }
  if (node.ok && node.value.kind === 'namespace') releaseNamespace(world, kernel, node.value.id)
  return 0
}

function identify(ip: Ip, words: Words): number {
  const number = words.more ? words.take() : ''
  if (number !== '' && !/^\d+$/.test(number)) throw new GiveUp(`Invalid PID: ${number}\n`, 255)
  const process = number === '' ? ip.context.process : findProcess(ip, Number(number))
  if (process === undefined) {
    throw new GiveUp(`Cannot open network namespace: No such file or directory\n`, 255)
  }
  const names = namedNamespaces(ip.context).filter(({ id }) => id === process.netns)
  ip.context.out(`${names.map(({ name }) => name).join('\n')}\n`)
  return 0
}

function pids(ip: Ip, words: Words): number {
  const id = namespaceAt(ip.context, `${NETNS_FOLDER}/${nameWord(words, 'pids')}`)
  const netns = id === null ? undefined : ip.context.kernel.namespaces.get(id)
  if (netns === undefined) throw new GiveUp('Cannot open network namespace: No such file or directory\n', 1)
  const self = ip.context.process
  const numbers: number[] = []
  for (const process of ip.context.kernel.processes.values()) {
    const number = process.pids.get(self.pidns)
    if (process.netns === netns.id && process.state !== 'zombie' && number !== undefined) numbers.push(number)
  }
  ip.context.out(
    numbers
      .sort((x, y) => x - y)
      .map((number) => `${number}\n`)
      .join(''),
  )
  return 0
}

function setId(ip: Ip, words: Words): number {
  const name = nameWord(words, 'set')
  const text = words.more ? words.take() : ''
  if (text !== 'auto' && !/^\d+$/.test(text)) throw new GiveUp(`Invalid "netnsid" value "${text}"\n`, 255)
  const netns = openNamed(ip.context, name)
  if (!mayChange(ip.context)) return answer(ip, refuse('EPERM'))
  if (knownNetnsId(ip.netns, netns.id) !== null) {
    return answer(ip, refuse('EEXIST', 'Peer netns already has a nsid assigned'))
  }
  let number = text === 'auto' ? 0 : Number(text)
  if (text !== 'auto' && ip.netns.peerIds.has(number))
    return answer(ip, refuse('EEXIST', 'The specified nsid is already used'))
  while (ip.netns.peerIds.has(number)) number++
  setPeerNetnsId(ip.netns, number, netns.id)
  return 0
}

async function exec(ip: Ip, words: Words): Promise<number> {
  if (ip.options.all) {
    if (!words.more) throw new GiveUp('No command specified\n', 1)
    for (const { name } of namedNamespaces(ip.context)) {
      ip.context.out(`\nnetns: ${name}\n`)
      await execIn(ip, name, words.rest())
    }
    return 0
  }
  const name = words.more ? words.take() : ''
  if (name === '') throw new GiveUp('No netns name specified\n', 1)
  if (!words.more) throw new GiveUp('No command specified\n', 1)
  return execIn(ip, name, words.rest())
}

/** The command sees the namespace's own /sys: `ip netns exec` mounts it anew in a mount namespace of its own. */
async function execIn(ip: Ip, name: string, argv: readonly string[]): Promise<number> {
  const { kernel, process } = ip.context
  const netns = openNamed(ip.context, name)
  const mounts = kernel.mountNamespaces.get(process.mountns)
  if (!process.capabilities.has('SYS_ADMIN') || mounts === undefined) {
    throw new GiveUp(`setting the network namespace "${name}" failed: Operation not permitted\n`, 255)
  }
  const copy = copyMountNamespace(kernel, mounts)
  const sysfs = createFilesystem(kernel, { type: 'sysfs', netns: netns.id })
  addMount(copy, process.root === '/' ? '/sys' : `${process.root}/sys`, sysfs)
  const status = await ip.context.exec(argv, { netns: netns.id, mountns: copy.id })
  const isUsed = [...kernel.processes.values()].some(
    (one) => one.mountns === copy.id && one.state !== 'zombie',
  )
  if (!isUsed) {
    kernel.mountNamespaces.delete(copy.id)
    kernel.filesystems.delete(sysfs.id)
  }
  return status
}
