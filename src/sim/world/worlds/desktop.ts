/**
 * The document's own machine: a Windows PC with Docker Desktop, whose engine runs in a Linux VM with Kubernetes on.
 *
 *   router ── eth0 192.168.178.100 pc vEthernet 192.168.65.1 ──(virtual switch)── eth0 192.168.65.3 vm
 *   vm: docker0 (vethcf88ac1: the client container), cni0 (two pods)
 *
 * Device numbers on the VM: 1 lo, 2 tunl0, 3 ip6tnl0, 4 eth0, 5 docker0, 6/7 the first container's pair, 8 cni0,
 * 9–12 the pods' pairs, 13/14 a pod that has gone. The next container gets 15/16. With seed 1 names and hardware
 * addresses are the document's, other seeds draw their own.
 */
import { nextHex } from '../../base/random.ts'
import { createContainer, startContainer } from '../../docker/containers.ts'
import { createEngine } from '../../docker/create-engine.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { NetNamespace } from '../../kernel/net-namespace.ts'
import { rule } from '../../kernel/netfilter/rules.ts'
import { appendRule } from '../../kernel/netfilter/tables.ts'
import { addLink, deleteLink, moveLink, renameLink, setLinkUp, setMaster } from '../../kernel/netlink/link.ts'
import { createNamespace } from '../../kernel/netlink/namespace.ts'
import { writeSysctl } from '../../kernel/sysctl/sysctl.ts'
import { spawnProcess, startProcess } from '../../kernel/task/process.ts'
import { desktopBackendProgram, vpnkitForwarderProgram } from '../../process/vpnkit.ts'
import { parseIpv4 } from '../../wire/ipv4-address.ts'
import { addCard, connect } from '../cable.ts'
import { bootHost, initialNetns } from '../host.ts'
import { bareHost, desktopVm, windowsPc } from '../profiles.ts'
import { advanceWorld } from '../step.ts'
import type { World } from '../world.ts'
import { SETTLE_US } from './lab.ts'
import { buildLan, configure, defaultRoute, must, NAMESERVER, named } from './lan.ts'

/** Names and addresses that the kernel and the engine draw at random. */
interface Draws {
  readonly bridgeMac: string
  readonly cniMac: string
  /** What follows `veth`, for the containers in the order in which they start. */
  readonly vethNames: readonly string[]
  readonly podVethNames: readonly [string, string]
}

const DOCUMENT: Draws = {
  bridgeMac: '02:42:10:e3:b1:d9',
  cniMac: '56:1f:a5:2f:e2:fb',
  vethNames: ['cf88ac1', '3a6d989'],
  podVethNames: ['ab1c5aff', 'e9888e1c'],
}

/** The client image of the document's fourth step; its container runs when the story begins. */
const CLIENT_IMAGE = 'jongallant/ubuntu-docker-client'
const SWITCH_DELAY_US = 40
const SWITCH_NAME = 'vEthernet'
const VM_ADDRESS = '192.168.65.3'
const PC_MAC = '3c:52:82:a8:b2:64'

export function buildDesktop(world: World): void {
  const draws = world.seed === 1 ? DOCUMENT : drawn(world)
  const address = '192.168.178.100'
  const [pc] = buildLan(world, [{ name: 'pc', address, mac: PC_MAC, profile: windowsPc }], bareHost)
  const vm = bootHost(world, 'vm', desktopVm, {
    '/etc/hosts': '127.0.0.1\tlocalhost\n',
    '/etc/resolv.conf': `nameserver ${NAMESERVER}\n`,
    '/etc/hostname': 'docker-desktop\n',
  })
  for (const uts of vm.utsNamespaces.values()) uts.hostname = 'docker-desktop'
  connectMachines(world, initialNetns(pc!), initialNetns(vm))
  const engine = createEngine(world, 'vm', 'desktop', {
    bridgeMac: draws.bridgeMac,
    vethNames: draws.vethNames,
  })
  engine.desktop = startForwarding(world, pc!, vm)
  startClient(world)
  startPods(world, vm, draws)
  advanceWorld(world, SETTLE_US)
}

function drawn(world: World): Draws {
  const hex = (digits: number): string => nextHex(world.random, digits)
  const mac = (first: string): string =>
    [first, ...Array.from({ length: 6 - first.split(':').length }, () => hex(2))].join(':')
  return { bridgeMac: mac('02:42'), cniMac: mac('56'), vethNames: [], podVethNames: [hex(8), hex(8)] }
}

/** The VM reaches the LAN through the PC, which translates addresses (Docker Desktop's vpnkit does so in user space). */
function connectMachines(world: World, pc: NetNamespace, vm: NetNamespace): void {
  const pcCard = addCard(pc, SWITCH_NAME, '00:15:5d:40:00:01', 'pfifo_fast')
  const vmCard = addCard(vm, 'eth0', '00:15:5d:40:00:03', 'pfifo_fast')
  connect(world, [pc, pcCard], [vm, vmCard], SWITCH_DELAY_US)
  configure(world, pc, SWITCH_NAME, '192.168.65.1/28')
  must(writeSysctl(world, pc, 'net.ipv4.ip_forward', '1'))
  const translation = rule({
    source: '192.168.65.0/28',
    outputInterface: 'eth0',
    target: { kind: 'MASQUERADE', ports: null, random: false },
  })
  must(appendRule(pc, { table: 'nat', chain: 'POSTROUTING' }, translation))
  configure(world, vm, 'eth0', `${VM_ADDRESS}/28`)
  defaultRoute(world, vm, '192.168.65.1')
}

/** Published ports are opened on the PC: its backend passes connections to the forwarder in the VM. */
function startForwarding(world: World, pc: Kernel, vm: Kernel): { host: string; pid: number } {
  const address = parseIpv4(VM_ADDRESS)!
  const common = { terminal: null, state: 'sleeping', descriptors: new Map() } as const
  const forwarder = spawnProcess(world, vm, vm.processes.get(1)!, {
    ...common,
    argv: ['/usr/bin/vpnkit-forwarder'],
    program: vpnkitForwarderProgram(address),
  })
  startProcess(world, forwarder)
  const backend = spawnProcess(world, pc, pc.processes.get(1)!, {
    ...common,
    argv: ['com.docker.backend.exe'],
    program: desktopBackendProgram(address),
  })
  return { host: pc.host, pid: backend.pid }
}

function startClient(world: World): void {
  const engine = world.engines.get('vm')!
  const container = must(
    createContainer(world, engine, {
      image: CLIENT_IMAGE,
      tty: true,
      openStdin: true,
      privileged: true,
      binds: ['/var/run/docker.sock:/var/run/docker.sock'],
    }),
  )
  must(startContainer(world, engine, container))
}

/** Two pods as the CNI bridge plugin wires them, and the trace of a third one in the numbers. */
function startPods(world: World, vm: Kernel, draws: Draws): void {
  const netns = initialNetns(vm)
  const cni = must(addLink(world, netns, { kind: 'bridge', name: 'cni0', mac: draws.cniMac }))
  configure(world, netns, 'cni0', '10.1.0.1/16')
  for (const [i, name] of draws.podVethNames.entries()) {
    startPod(world, vm, cni.ifindex, `veth${name}`, `10.1.0.${i + 2}/16`)
  }
  const gone = must(addLink(world, netns, { kind: 'veth', name: 'vethgone' }))
  must(deleteLink(world, netns, gone))
}

function startPod(world: World, vm: Kernel, bridge: number, name: string, address: string): void {
  const host = initialNetns(vm)
  const pod = createNamespace(world, vm)
  const end = must(addLink(world, host, { kind: 'veth', name, peer: { name: 'pod' } }))
  const inside = must(moveLink(world, host, named(host, 'pod'), pod))
  must(renameLink(world, pod, inside, 'eth0'))
  must(setMaster(world, host, end, bridge))
  must(setLinkUp(world, host, end))
  configure(world, pod, 'lo', '127.0.0.1/8')
  configure(world, pod, 'eth0', address)
  defaultRoute(world, pod, '10.1.0.1')
  spawnProcess(world, vm, vm.processes.get(1)!, { argv: ['/pause'], netns: pod.id, state: 'sleeping' })
}
