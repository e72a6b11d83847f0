/** Programs by the name under which a file tree knows them (`ProgramNode.program`); each owner keeps a list. */
import type { Command } from './context.ts'
import { dockerPrograms } from './docker/programs.ts'
import { firewallPrograms } from './firewall-programs.ts'
import { linkPrograms } from './link-programs.ts'
import { networkPrograms } from './network-programs.ts'
import { systemPrograms } from './system-programs.ts'
import { textPrograms } from './text-programs.ts'
import { windowsPrograms } from './windows-programs.ts'

export const commands: ReadonlyMap<string, () => Promise<Command> | Command> = new Map([
  ...dockerPrograms,
  ...firewallPrograms,
  ...linkPrograms,
  ...networkPrograms,
  ...systemPrograms,
  ...textPrograms,
  ...windowsPrograms,
])
