/** `ip -batch FILE`: lines from a file, or from stdin with `-`. */
import { errorText } from '../../render/iproute2/errno.ts'
import { readFile } from '../../sim/kernel/fs/files.ts'
import type { CommandContext } from '../context.ts'
import { GiveUp } from './words.ts'

export async function readContent(context: CommandContext, file: string): Promise<string> {
  if (file === '-') return context.readAll()
  const text = readFile(context.world, context.kernel, context.process, file)
  if (text.ok) return text.value
  throw new GiveUp(`Cannot open file "${file}" for reading: ${errorText(text.error.code)}\n`, 1)
}
