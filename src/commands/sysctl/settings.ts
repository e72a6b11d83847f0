/** Kernel settings as files below /proc/sys, the way sysctl(8) reaches them; rights and read-only mounts count. */
import type { Result } from '../../sim/base/result.ts'
import { readdir, readFile, writeFile } from '../../sim/kernel/fs/files.ts'
import type { CommandContext } from '../context.ts'

const ROOT = '/proc/sys'

/** `net.ipv4.conf.eth0/100.rp_filter` → its file. A `/` in the name stands for a dot. */
export function settingPath(name: string): string {
  if (name.startsWith('/')) return name
  const swap = (text: string): string => text.replace(/[./]/g, (sign) => (sign === '.' ? '/' : '.'))
  const slashFirst =
    name.indexOf('/') !== -1 && (name.indexOf('.') === -1 || name.indexOf('/') < name.indexOf('.'))
  return `${ROOT}/${slashFirst ? name : swap(name)}`
}

/** The name of a file below /proc/sys as sysctl prints it. */
export function settingName(path: string): string {
  return path.slice(ROOT.length + 1).replace(/[./]/g, (sign) => (sign === '/' ? '.' : '/'))
}

export function readSetting(context: CommandContext, path: string): Result<string> {
  return readFile(context.world, context.kernel, context.process, path)
}

export function writeSetting(context: CommandContext, path: string, value: string): Result<void> {
  return writeFile(context.world, context.kernel, context.process, path, `${value}\n`)
}

/** Files of all settings below a path, in order of name. */
export function allSettings(context: CommandContext, path = ROOT): string[] {
  const entries = readdir(context.world, context.kernel, context.process, path)
  if (!entries.ok) return [path]
  return entries.value.flatMap(([name, node]) =>
    node.kind === 'directory' ? allSettings(context, `${path}/${name}`) : [`${path}/${name}`],
  )
}
