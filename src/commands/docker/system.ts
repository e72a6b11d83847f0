/** `docker version` and `docker info`. docker/cli cli/command/system/{version,info}.go (20.10) */

import { infoText, infoValue } from '../../render/docker/info.ts'
import { clientVersion, serverVersion, versionText } from '../../render/docker/system.ts'
import { compileTemplate, executeTemplate } from '../../render/docker/template/execute.ts'
import { TemplateError } from '../../render/docker/template/lexer.ts'
import type { ApiStruct } from '../../sim/base/api-value.ts'
import { profileOf } from '../../sim/docker/profile.ts'
import { readSysctl } from '../../sim/kernel/sysctl/sysctl.ts'
import { type Call, Refused } from './spec.ts'

export function version(call: Call): number {
  const [first] = call.world.engines.values()
  const reached = reach(call)
  const profile = profileOf(reached.engine ?? first!)
  const os = call.context.kernel.profile === 'windows-pc' ? 'windows' : 'linux'
  const client = clientVersion(profile, os)
  const server =
    reached.engine === null
      ? null
      : serverVersion(profile, call.world.kernels.get(reached.engine.host)?.features.release ?? '')
  const format = call.flags.text('format')
  if (format !== '') {
    call.context.out(`${filled(format, { Client: client, Server: server ?? undefined }, 64)}\n`)
    return 0
  }
  call.context.out(versionText(profile, os, server !== null))
  if (reached.message !== null) throw new Refused(reached.message)
  return 0
}

function reach(call: Call): { engine: ReturnType<Call['engine']> | null; message: string | null } {
  try {
    return { engine: call.engine(), message: null }
  } catch (error) {
    if (error instanceof Refused) return { engine: null, message: error.message }
    throw error
  }
}

export function filled(format: string, value: ApiStruct, status: number): string {
  try {
    return executeTemplate(compileTemplate(format), value)
  } catch (error) {
    if (error instanceof TemplateError) throw new Refused(`Template parsing error: ${error.message}`, status)
    throw error
  }
}

export function info(call: Call): number {
  const engine = call.engine()
  const kernel = call.world.kernels.get(engine.host)!
  const netns = kernel.namespaces.get(kernel.initialNetns)!
  const isOn = (name: string): boolean => readSysctl(netns, name).trim() === '1'
  const value = infoValue(engine, profileOf(engine), kernel, {
    forwarding: isOn('net.ipv4.ip_forward'),
    bridgeFilter: isOn('net.bridge.bridge-nf-call-iptables'),
    bridgeFilter6: isOn('net.bridge.bridge-nf-call-ip6tables'),
    nowUs: call.world.nowUs,
    epochMs: call.world.epochMs,
  })
  const format = call.flags.text('format')
  call.context.out(format === '' ? infoText(value, profileOf(engine)) : `${filled(format, value, 64)}\n`)
  return 0
}
