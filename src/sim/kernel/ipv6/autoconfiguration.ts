/**
 * Link-local addresses: made from the MAC address when a device can run, checked for duplicates, announced.
 * RFC 4862, RFC 3810 (listener reports), RFC 4861 and 7559 (router solicitations), net/ipv6/{addrconf,mcast}.c.
 * Not modelled: router advertisements.
 */
import { enqueue } from '../../base/event-queue.ts'
import { nextBetween, nextUint32 } from '../../base/random.ts'
import { linkLocalOf } from '../../wire/ipv6-address.ts'
import { hasCarrier } from '../link/state.ts'
import type { Interface6Address, Link } from '../link/types.ts'
import { logLimited } from '../log.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deviceSettings } from '../sysctl/settings.ts'
import { sendListenerReport, sendNeighborSolicitation, sendRouterSolicitation } from './transmit.ts'

const SECOND = 1_000_000
/** First pause between router solicitations; it doubles, up to an hour, and ends there. */
const FIRST_PAUSE_S = 4
const LONGEST_PAUSE_S = 3600

/** The device has just become able to run. One that has its address already says again what it listens to. */
export function startAutoconfiguration(sim: Simulation, netns: NetNamespace, link: Link): void {
  if (link.kind === 'tunnel' || deviceSettings(netns, link.ifindex).disableIpv6 !== 0) return
  if (link.kind === 'loopback') {
    if (link.addresses6.length === 0) link.addresses6 = [loopbackAddress()]
    return
  }
  const own = linkLocal(link)
  link.ready6Us ??= sim.nowUs
  if (own === undefined) {
    link.generation6++
    const tentative = link.arp && deviceSettings(netns, link.ifindex).dadTransmits > 0
    const made = { address: linkLocalOf(link.mac), length: 64, scope: 'link', tentative } as const
    link.addresses6 = [
      ...link.addresses6.filter((one) => one.scope === 'global'),
      made,
      ...link.addresses6.filter((one) => one.scope !== 'global'),
    ]
    if (tentative) later(sim, netns, link, 'solicit', nextBetween(sim.random, 0, SECOND))
    else later(sim, netns, link, 'ready', 0)
  }
  reportTwice(sim, netns, link)
  const made = linkLocal(link)
  for (const one of link.addresses6) if (one !== made) checkAddress6(sim, netns, link, one)
}

/** An address set by hand is checked as soon as the device can run. */
export function checkAddress6(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  own: Interface6Address,
): void {
  if (!own.tentative || !hasCarrier(sim, link)) return
  const isChecked = link.arp && deviceSettings(netns, link.ifindex).dadTransmits > 0
  if (isChecked) later(sim, netns, link, `check ${own.address}`, nextBetween(sim.random, 0, SECOND))
  else later(sim, netns, link, `own ${own.address}`, 0)
}

/** The device went down or away: its addresses go, and so does all that was planned. */
export function stopAutoconfiguration(link: Link): void {
  link.generation6++
  link.addresses6 = []
  delete link.ready6Us
}

/** With a device that goes down go the routes and neighbours set by hand on it (rt6_disable_ip). */
export function forgetDevice6(netns: NetNamespace, ifindex: number): void {
  if (netns.routes6 !== undefined) netns.routes6 = netns.routes6.filter((route) => route.ifindex !== ifindex)
  for (const [key, entry] of netns.neighbors)
    if (entry.ifindex === ifindex && typeof entry.address === 'string') netns.neighbors.delete(key)
}

/** `disable_ipv6` was written. */
export function onIpv6Switched(sim: Simulation, netns: NetNamespace, link: Link): void {
  if (deviceSettings(netns, link.ifindex).disableIpv6 !== 0) {
    stopAutoconfiguration(link)
    forgetDevice6(netns, link.ifindex)
  } else if (link.up && hasCarrier(sim, link)) startAutoconfiguration(sim, netns, link)
}

function loopbackAddress(): Interface6Address {
  return { address: '::1', length: 128, scope: 'host', tentative: false }
}

/** The one that was made, not one set by hand: its identifier is that of a MAC address. */
function linkLocal(link: Link): Interface6Address | undefined {
  return link.addresses6.find((own) => own.scope === 'link' && own.address.includes('ff:fe'))
}

/** A change is reported twice (robustness variable), the second time within a second. */
function reportTwice(sim: Simulation, netns: NetNamespace, link: Link): void {
  later(sim, netns, link, 'report', nextBetween(sim.random, 1000, 4000))
  later(sim, netns, link, 'report', nextBetween(sim.random, 5000, SECOND))
}

function later(sim: Simulation, netns: NetNamespace, link: Link, step: string, delayUs: number): void {
  enqueue(sim.queue, sim.nowUs + delayUs, {
    kind: 'timer',
    host: netns.host,
    netns: netns.id,
    timer: { kind: 'ipv6', ifindex: link.ifindex, step, generation: link.generation6 },
  })
}

/** A planned step is due. `routers N`: a router solicitation, and the next one N seconds later. */
export function autoconfigure(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  step: string,
  generation: number,
): void {
  const link = netns.links.get(ifindex)
  if (link === undefined || link.generation6 !== generation || !link.up) return
  if (step === 'report') sendListenerReport(sim, netns, link)
  else if (step === 'solicit') solicit(sim, netns, link)
  else if (step === 'ready') ready(sim, netns, link)
  else if (step.startsWith('check ')) solicitOwn(sim, netns, link, step.slice(6))
  else if (step.startsWith('own ')) confirmOwn(link, step.slice(4))
  else if (step.startsWith('routers ')) solicitRouters(sim, netns, link, Number(step.slice(8)))
}

function solicit(sim: Simulation, netns: NetNamespace, link: Link): void {
  const own = linkLocal(link)
  if (own === undefined) return
  ask(sim, netns, link, own.address)
  later(sim, netns, link, 'ready', SECOND)
}

function solicitOwn(sim: Simulation, netns: NetNamespace, link: Link, address: string): void {
  if (!link.addresses6.some((own) => own.address === address && own.tentative)) return
  ask(sim, netns, link, address)
  later(sim, netns, link, `own ${address}`, SECOND)
}

function ask(sim: Simulation, netns: NetNamespace, link: Link, address: string): void {
  const nonce = new Uint8Array(6)
  for (let i = 0; i < nonce.length; i++) nonce[i] = nextUint32(sim.random) & 255
  sendNeighborSolicitation(sim, netns, link, address, nonce)
}

function confirmOwn(link: Link, address: string): void {
  link.addresses6 = link.addresses6.map((own) =>
    own.address === address && own.dadFailed !== true ? { ...own, tentative: false } : own,
  )
}

/** Somebody has the address already: it stays here, unusable (addrconf_dad_failure). */
export function onDuplicate(sim: Simulation, netns: NetNamespace, link: Link, address: string): void {
  link.addresses6 = link.addresses6.map((own) =>
    own.address === address ? { ...own, tentative: true, dadFailed: true } : own,
  )
  const text = `IPv6: ${link.name}: IPv6 duplicate address ${address} detected!`
  logLimited(sim, netns, text)
}

/** Nobody objected: the address is ours (addrconf_dad_completed). */
function ready(sim: Simulation, netns: NetNamespace, link: Link): void {
  if (link.addresses6.some((own) => own.scope === 'link' && own.dadFailed === true)) return
  link.addresses6 = link.addresses6.map((own) => (own.scope === 'link' ? { ...own, tentative: false } : own))
  sendListenerReport(sim, netns, link)
  later(sim, netns, link, 'report', nextBetween(sim.random, 1000, SECOND))
  solicitRouters(sim, netns, link, FIRST_PAUSE_S)
}

/** Hosts look for routers; routers, and hosts that would not listen, do not. */
function solicitRouters(sim: Simulation, netns: NetNamespace, link: Link, pauseS: number): void {
  const settings = deviceSettings(netns, link.ifindex)
  if (settings.acceptRa === 0 || (settings.forwarding6 !== 0 && settings.acceptRa !== 2)) return
  sendRouterSolicitation(sim, netns, link)
  if (pauseS >= LONGEST_PAUSE_S) return
  const next = Math.min(2 * pauseS, LONGEST_PAUSE_S)
  later(sim, netns, link, `routers ${next}`, nextBetween(sim.random, 900_000, 1_100_000) * pauseS)
}
