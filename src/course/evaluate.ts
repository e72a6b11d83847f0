/** Checks, evaluated on copies of the world: what is tried changes nothing. `check.ts` says what they mean. */
import type { Session } from '../session/session.ts'
import type { World } from '../sim/world/world.ts'
import type { Check } from './check.ts'
import {
  checkContainer,
  checkFile,
  checkLink,
  checkNetwork,
  checkRoute,
  checkRule,
} from './evaluate-objects.ts'
import { checkTraced } from './evaluate-trace.ts'
import { addressFor, findPlace, isPlace, listContainers, type Place } from './place.ts'
import { probeName, probePing, probeTcp, probeUdp } from './probe.ts'
import { runOnCopy, sessionOnCopy } from './runner.ts'
import { type CheckVerdict, type Evidence, fails, HOLDS, verdict } from './verdict.ts'

export async function evaluate(check: Check, evidence: Evidence): Promise<CheckVerdict> {
  return evaluateIn(check, evidence, namesIn(check))
}

type Of<K extends Check['kind']> = Extract<Check, { kind: K }>

async function evaluateIn(
  check: Check,
  evidence: Evidence,
  named: ReadonlySet<string>,
): Promise<CheckVerdict> {
  const { world } = evidence
  switch (check.kind) {
    case 'all':
      return all(check.checks, evidence, named)
    case 'any':
      return any(check.checks, evidence, named)
    case 'not': {
      const inner = await evaluateIn(check.check, evidence, named)
      return inner.passed ? fails(opposite(check.check)) : HOLDS
    }
    case 'reachable':
      return checkReachable(check, world, named)
    case 'resolves':
      return checkResolves(check, world)
    case 'output':
      return checkOutput(check, world)
    case 'ran':
      return checkRan(check, evidence)
    case 'container':
      return checkContainer(check, world)
    case 'network':
      return checkNetwork(check, world)
    case 'link':
      return checkLink(check, world)
    case 'route':
      return checkRoute(check, world)
    case 'rule':
      return checkRule(check, world)
    case 'file':
      return checkFile(check, world)
    case 'traced':
      return checkTraced(check, evidence)
  }
}

async function all(
  checks: readonly Check[],
  evidence: Evidence,
  named: ReadonlySet<string>,
): Promise<CheckVerdict> {
  for (const one of checks) {
    const result = await evaluateIn(one, evidence, named)
    if (!result.passed) return result
  }
  return HOLDS
}

async function any(
  checks: readonly Check[],
  evidence: Evidence,
  named: ReadonlySet<string>,
): Promise<CheckVerdict> {
  let last: CheckVerdict = fails(null)
  for (const one of checks) {
    last = await evaluateIn(one, evidence, named)
    if (last.passed) return last
  }
  return last
}

function opposite(check: Check): string | null {
  if (check.kind === 'reachable') return `${check.from} still reaches ${check.to}`
  if (check.kind === 'link') return `${check.in} still has ${check.name}`
  if (check.kind === 'resolves') return `${check.name} still resolves in ${check.from}`
  return null
}

/** Names of places in a check: `other-containers` are all but these. */
function namesIn(check: Check): Set<string> {
  switch (check.kind) {
    case 'all':
    case 'any':
      return new Set(check.checks.flatMap((one) => [...namesIn(one)]))
    case 'not':
      return namesIn(check.check)
    case 'reachable':
      return new Set([check.from, check.to])
    case 'container':
      return new Set(check.name === null ? [] : [check.name])
    default:
      return new Set()
  }
}

async function checkReachable(
  check: Of<'reachable'>,
  world: World,
  named: ReadonlySet<string>,
): Promise<CheckVerdict> {
  if (check.to !== 'other-containers') return reach(check, world, check.to)
  const others = listContainers(world)
    .map(({ container }) => container)
    .filter((one) => one.state.status === 'running' && !named.has(one.name) && hasStack(world, one.name))
  for (const { name } of others) {
    const result = await reach(check, world, name)
    if (!result.passed) return result
  }
  return HOLDS
}

/** On the host's own stack, or without addresses, there is nothing to reach. */
function hasStack(world: World, name: string): boolean {
  const place = findPlace(world, name)
  if (!isPlace(place) || place.netns.id === place.kernel.initialNetns) return false
  return addressFor(place.netns, place.netns) !== null
}

async function reach(check: Of<'reachable'>, world: World, to: string): Promise<CheckVerdict> {
  const session = sessionOnCopy(world)
  const from = findPlace(session.world, check.from)
  if (!isPlace(from)) return fails(from.because)
  const target = await targetOf(session, from, to)
  if ('because' in target) return fails(target.because)
  const passed = await probe(check, session, from, target.address)
  const what = check.port === null ? '' : ` on ${check.protocol} port ${check.port}`
  return verdict(passed, `${check.from} gets no answer from ${to}${what}`)
}

async function targetOf(
  session: Session,
  from: Place,
  to: string,
): Promise<{ address: string } | { because: string }> {
  if (/^\d+(\.\d+){3}$/.test(to)) return { address: to }
  const place = findPlace(session.world, to)
  if (isPlace(place)) {
    const address = addressFor(from.netns, place.netns)
    return address === null ? { because: `${to} has no address` } : { address }
  }
  // A name of the internet (`example.com`) is asked for where the packet starts.
  if (!to.includes('.')) return place
  const address = (await probeName(session, from, to))?.[0]
  return address === undefined ? { because: `${from.name} cannot resolve ${to}` } : { address }
}

function probe(check: Of<'reachable'>, session: Session, from: Place, address: string): Promise<boolean> {
  if (check.port === null || check.protocol === 'icmp') return probePing(session, from, address)
  const send = check.protocol === 'udp' ? probeUdp : probeTcp
  return send(session, from, address, Number(check.port))
}

async function checkResolves(check: Of<'resolves'>, world: World): Promise<CheckVerdict> {
  const session = sessionOnCopy(world)
  const from = findPlace(session.world, check.from)
  if (!isPlace(from)) return fails(from.because)
  const addresses = await probeName(session, from, check.name)
  if (addresses === null) return fails(`${check.from} cannot resolve ${check.name}`)
  const holds = check.address === null || addresses.includes(check.address)
  return verdict(holds, `in ${check.from}, ${check.name} is ${addresses.join(', ')}`)
}

async function checkOutput(check: Of<'output'>, world: World): Promise<CheckVerdict> {
  const { output, errors, status } = await runOnCopy(world, check.command)
  if (check.status !== null && status !== check.status) return fails(null)
  if (check.matches === null) return HOLDS
  return verdict(
    new RegExp(check.matches, 'im').test(output + errors),
    `'${check.command.command}' prints something else`,
  )
}

function checkRan(check: Of<'ran'>, evidence: Evidence): CheckVerdict {
  const pattern = new RegExp(check.matches, 'i')
  const found = evidence.ran.some(
    ({ place, line }) => pattern.test(line) && (check.in === null || place === null || place === check.in),
  )
  return found ? HOLDS : fails(null)
}
