/** Which step belongs to which program, and the way from the event loop to it. */
import type { HostName, Simulation, WakeCause } from '../kernel/simulation.ts'
import type { Process, Program } from '../kernel/task/types.ts'
import { stepArping } from './arping.ts'
import { stepConntrackEvents } from './conntrack-events.ts'
import { createContext, type ProcessContext } from './context.ts'
import { stepCurl } from './curl.ts'
import { stepDnsClient } from './dns-client.ts'
import { stepDnsServer } from './dns-server.ts'
import { stepDockerInit } from './docker-init.ts'
import { stepDockerProxy } from './docker-proxy.ts'
import { stepDockerd } from './dockerd.ts'
import { stepGetent } from './getent.ts'
import { stepHttpServer } from './http-server.ts'
import { stepIperf3Client } from './iperf3-client.ts'
import { stepIperf3Server } from './iperf3-server.ts'
import { stepMtr } from './mtr.ts'
import { stepNetcat } from './netcat.ts'
import { stepNetlinkMonitor } from './netlink-monitor.ts'
import { stepNginx } from './nginx.ts'
import { stepPing } from './ping.ts'
import { stepRedisCli } from './redis-cli.ts'
import { stepService } from './service.ts'
import { stepSleep } from './sleep.ts'
import { stepSocatSystem } from './socat-system.ts'
import { stepSshClient } from './ssh-client.ts'
import { stepSshServer } from './ssh-server.ts'
import { stepTcpdump } from './tcpdump.ts'
import { stepTracepath } from './tracepath.ts'
import { stepTraceroute } from './traceroute.ts'
import { stepDesktopBackend, stepVpnkitForwarder } from './vpnkit.ts'
import { stepWget } from './wget.ts'
import { stepWindowsPing } from './windows-ping.ts'

type Step = (context: ProcessContext, program: never, cause: WakeCause) => void

const STEPS: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['arping', stepArping],
  ['conntrack-events', stepConntrackEvents],
  ['curl', stepCurl],
  ['iperf3-client', stepIperf3Client],
  ['iperf3-server', stepIperf3Server],
  ['mtr', stepMtr],
  ['netcat', stepNetcat],
  ['tracepath', stepTracepath],
  ['traceroute', stepTraceroute],
  ['dns-client', stepDnsClient],
  ['dns-server', stepDnsServer],
  ['getent', stepGetent],
  ['docker-init', stepDockerInit],
  ['docker-proxy', stepDockerProxy],
  ['dockerd', stepDockerd],
  ['desktop-backend', stepDesktopBackend],
  ['vpnkit-forwarder', stepVpnkitForwarder],
  ['http-server', stepHttpServer],
  ['netlink-monitor', stepNetlinkMonitor],
  ['nginx', stepNginx],
  ['ping', stepPing],
  ['redis-cli', stepRedisCli],
  ['service', stepService],
  ['sleep', stepSleep],
  ['socat-system', stepSocatSystem],
  ['ssh', stepSshClient],
  ['sshd', stepSshServer],
  ['tcpdump', stepTcpdump],
  ['wget', stepWget],
  ['windows-ping', stepWindowsPing],
])

export function isLivingProgram(program: Program | null): boolean {
  return program !== null && STEPS.has(program.kind)
}

/** One step of a process. A stopped or frozen one looks at its descriptors when it goes on. */
export function stepProcess(sim: Simulation, host: HostName, pid: number, cause: WakeCause): void {
  const kernel = sim.kernels.get(host)
  const process = kernel?.processes.get(pid)
  if (kernel === undefined || process === undefined || process.exitStatus !== null) return
  if (process.program?.kind === 'command' && cause.kind === 'start') {
    sim.ready.push({ host, pid })
    return
  }
  const netns = kernel.namespaces.get(process.netns)
  const step = process.program === null ? undefined : STEPS.get(process.program.kind)
  if (netns === undefined || step === undefined) return
  if (process.frozen || process.state === 'stopped') return miss(process, cause)
  const causes = cause.kind === 'signal' && cause.signal === SIGCONT ? takeMissed(process) : [cause]
  const context = createContext(sim, kernel, process, netns)
  for (const one of causes)
    if (!context.ended && process.program !== null) step(context, process.program as never, one)
}

const SIGCONT = 18

/** One wake-up for a descriptor or a timer is as good as many. */
function miss(process: Process, cause: WakeCause): void {
  const missed = process.missedWakes ?? []
  const text = JSON.stringify(cause)
  if (!missed.some((one) => JSON.stringify(one) === text)) missed.push(cause)
  process.missedWakes = missed
}

function takeMissed(process: Process): WakeCause[] {
  const missed = process.missedWakes ?? []
  process.missedWakes = []
  return missed
}
