/** Our files as the text tools want to see them. */
import type { IFileSystem } from 'just-bash'
import type { CommandContext } from '../../commands/context.ts'
import { sizeOf } from '../../commands/coreutils/attributes.ts'
import type { Result } from '../../sim/base/result.ts'
import { decodeUtf8, encodeUtf8 } from '../../sim/base/utf8.ts'
import * as files from '../../sim/kernel/fs/files.ts'
import { normalizePath } from '../../sim/kernel/fs/tree.ts'
import type { Inode } from '../../sim/kernel/fs/types.ts'

class FileError extends Error {
  readonly code: string
  constructor(code: string, path: string) {
    super(`${code}: ${code === 'ENOENT' ? 'no such file or directory' : code}, open '${path}'`)
    this.code = code
  }
}

function need<T>(result: Result<T>, path: string): T {
  if (result.ok) return result.value
  throw new FileError(result.error.code, path)
}

function describe(node: Inode): Awaited<ReturnType<IFileSystem['stat']>> {
  return {
    isFile: node.kind === 'file' || node.kind === 'program' || node.kind === 'namespace',
    isDirectory: node.kind === 'directory',
    isSymbolicLink: node.kind === 'symlink',
    mode: node.mode,
    size: sizeOf(node),
    mtime: new Date(node.modifiedMs),
  }
}

export function fileSystemFor(context: CommandContext): IFileSystem {
  const { world, kernel, process } = context
  const text = (path: string): string => need(files.readFile(world, kernel, process, path), path)
  const plain = (content: string | Uint8Array): string =>
    typeof content === 'string' ? content : decodeUtf8(content)
  const stat = async (path: string) => describe(need(files.lookup(world, kernel, process, path), path))
  return {
    readFile: async (path) => text(path),
    readFileBuffer: async (path) => encodeUtf8(text(path)),
    writeFile: async (path, content) =>
      void need(files.writeFile(world, kernel, process, path, plain(content)), path),
    appendFile: async (path, content) =>
      void need(files.appendFile(world, kernel, process, path, plain(content)), path),
    exists: async (path) => files.lookup(world, kernel, process, path).ok,
    stat,
    lstat: async (path) => describe(need(files.lstat(world, kernel, process, path), path)),
    mkdir: async (path) => void files.mkdir(world, kernel, process, path),
    readdir: async (path) => need(files.readdir(world, kernel, process, path), path).map(([name]) => name),
    readdirWithFileTypes: async (path) =>
      need(files.readdir(world, kernel, process, path), path).map(([name, node]) => ({
        name,
        ...describe(node),
      })),
    rm: async (path) => void need(files.unlink(world, kernel, process, path), path),
    cp: async (from, to) => void need(files.writeFile(world, kernel, process, to, text(from)), to),
    mv: async (from, to) => void need(files.rename(world, kernel, process, from, to), from),
    resolvePath: (base, path) => normalizePath(path, base),
    getAllPaths: () => [],
    chmod: async (path, mode) =>
      void need(files.changeAttributes(world, kernel, process, path, { mode }), path),
    symlink: async (target, path) => void need(files.symlink(world, kernel, process, target, path), path),
    link: async (from, to) => void need(files.writeFile(world, kernel, process, to, text(from)), to),
    readlink: async (path) => need(files.readlink(world, kernel, process, path), path),
    realpath: async (path) => need(files.realpath(world, kernel, process, path), path),
    utimes: async (path, _at, modified) =>
      void need(
        files.changeAttributes(world, kernel, process, path, { modifiedMs: modified.getTime() }),
        path,
      ),
  }
}
