/**
 * The files of a pack, from a folder or an installed package. Only text is read, nothing is loaded or run; what leads
 * out of the folder, or is too large, is refused.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

export interface PackFile {
  /** As it is to be named to people. */
  readonly name: string
  readonly text: string
}

export interface PackFolder {
  readonly origin: string
  readonly fallbackName: string
  readonly manifest: PackFile | null
  readonly lessons: readonly PackFile[]
  readonly quiz: readonly PackFile[]
  readonly glossary: PackFile | null
  /** What was refused, as sentences with their remedy. */
  readonly refused: readonly { readonly file: string; readonly text: string }[]
}

export const MOST_BYTES = 256 * 1024
export const MOST_FILES = 200
const MOST_ALL = 8 * 1024 * 1024

/** What is wrong with the wish itself, as a sentence. */
export class NoPack extends Error {}

/** A path, or the name of a package that is installed near `from`. */
export function openPackFolder(wish: string, from: string): PackFolder {
  const found = locate(wish, from)
  const reader = new PackReader(found.root)
  const { root } = found
  const lessons = reader.list('.', '.md')
  const quiz = [...reader.list('quiz', '.yaml'), ...reader.list('quiz', '.yml')]
  return {
    origin: wish,
    fallbackName: found.name,
    manifest: reader.read('pack.yaml'),
    lessons: lessons.flatMap((path) => reader.read(path) ?? []),
    quiz: quiz.flatMap((path) => reader.read(path) ?? []),
    glossary: reader.read('glossary.yaml'),
    refused: reader.refused.map(({ path, text }) => ({ file: join(root, path), text })),
  }
}

function locate(wish: string, from: string): { root: string; name: string } {
  const path = resolve(from, wish)
  const isPath = isAbsolute(wish) || /^\.{0,2}[/\\]|^\.{1,2}$/.test(wish)
  if (isDirectory(path)) return { root: path, name: basename(path) }
  if (isPath) throw new NoPack(`there is no folder ${wish}. Give the folder that holds the pack's lessons.`)
  if (!/^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(wish))
    throw new NoPack(`'${wish}' is neither a folder nor the name of a package.`)
  for (const folder of packageFolders(from)) {
    const root = join(folder, wish)
    if (isDirectory(root)) return { root: lessonsIn(root), name: wish }
  }
  throw new NoPack(
    `there is no folder and no installed package '${wish}'. 'npm install ${wish}' installs it.`,
  )
}

/** Where npm puts packages: beside the project, in folders above it, beside this program, and globally. */
function packageFolders(from: string): string[] {
  const folders: string[] = []
  for (let at = resolve(from); ; at = dirname(at)) {
    folders.push(join(at, 'node_modules'))
    if (dirname(at) === at) break
  }
  const beside = process.argv[1] === undefined ? [] : nodeModulesAbove(realOr(process.argv[1]))
  const prefix = dirname(dirname(process.execPath))
  return [...folders, ...beside, join(prefix, 'lib', 'node_modules'), join(prefix, 'node_modules')]
}

function nodeModulesAbove(path: string): string[] {
  const at = path.lastIndexOf(`${sep}node_modules${sep}`)
  return at < 0 ? [] : [path.slice(0, at + `${sep}node_modules`.length)]
}

function realOr(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** A package keeps its lessons at its top, or in a folder `lessons`. */
function lessonsIn(root: string): string {
  return !existsSync(join(root, 'pack.yaml')) && isDirectory(join(root, 'lessons'))
    ? join(root, 'lessons')
    : root
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

class PackReader {
  readonly refused: { path: string; text: string }[] = []
  private readonly root: string
  private readonly realRoot: string
  private bytes = 0
  private files = 0

  constructor(root: string) {
    this.root = root
    this.realRoot = realpathSync(root)
  }

  list(folder: string, suffix: string): string[] {
    const path = join(this.root, folder)
    if (!isDirectory(path) || !this.isInside(folder)) return []
    return readdirSync(path)
      .filter((name) => name.endsWith(suffix))
      .sort()
      .map((name) => join(folder, name))
  }

  read(path: string): PackFile | null {
    const whole = join(this.root, path)
    if (lstatSync(whole, { throwIfNoEntry: false }) === undefined || !this.isInside(path)) return null
    const info = statSync(whole)
    if (!info.isFile()) return this.refuse(path, 'is no file. Take it out of the pack.')
    if (info.size > MOST_BYTES)
      return this.refuse(path, `has ${info.size} bytes; ${MOST_BYTES} are read. Divide it.`)
    this.bytes += info.size
    this.files++
    if (this.files > MOST_FILES || this.bytes > MOST_ALL) {
      if (this.files > MOST_FILES + 1 || this.bytes - info.size > MOST_ALL) return null
      return this.refuse(
        path,
        `and those after it are too many: ${MOST_FILES} files, ${MOST_ALL} bytes are read.`,
      )
    }
    try {
      return { name: whole, text: readFileSync(whole, 'utf8') }
    } catch (error) {
      return this.refuse(path, `cannot be read (${(error as NodeJS.ErrnoException).code}). Make it readable.`)
    }
  }

  /** By its real place: a symbolic link must not lead out. */
  private isInside(path: string): boolean {
    try {
      const way = relative(this.realRoot, realpathSync(join(this.root, path)))
      if (!way.startsWith('..') && !isAbsolute(way)) return true
      this.refuse(path, 'leads out of the pack. Put a copy of the file here.')
    } catch {
      this.refuse(path, 'leads nowhere. Take the link out, or put the file here.')
    }
    return false
  }

  private refuse(path: string, text: string): null {
    if (!this.refused.some((one) => one.path === path)) this.refused.push({ path, text })
    return null
  }
}
