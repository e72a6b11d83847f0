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
    const value = { Client: client, Server: server ?? undefined }
    show(call, format, value, 'system.versionInfo', 'version')
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

/** A template that is none ends with status 64; one that asks for what is not there ends the line first. */
function show(call: Call, format: string, value: ApiStruct, typeName: string, name = ''): void {
  filledWith(
    () => compileTemplate(format),
    (text) => new Refused(`Template parsing error: ${text}`, 64),
  )
  const template = compileTemplate(format)
  const text = filledWith(
    () => executeTemplate(template, value, { typeName }),
    (message) => {
      call.context.out('\n')
      return new Refused(
        message.replace('template: :', `template: ${name}:`).replace('executing ""', `executing "${name}"`),
      )
    },
  )
  call.context.out(`${text}\n`)
}

function filledWith<T>(work: () => T, refused: (message: string) => Refused): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof TemplateError) throw refused(error.message)
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
  if (format === '') call.context.out(infoText(value, profileOf(engine)))
  else show(call, format, value, 'system.info')
  return 0
}
