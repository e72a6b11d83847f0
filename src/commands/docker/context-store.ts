/**
 * Contexts that were made, in the caller's own files: `~/.docker/contexts/meta/…/meta.json`, and which one is in use:
 * `~/.docker/config.json`. docker/cli cli/context/store, cli/config (20.10). Not modelled: TLS material.
 */
import { type JsonValue, parseGoJson } from '../../sim/base/go-json.ts'
import { sha256 } from '../../sim/base/sha256.ts'
import { encodeUtf8 } from '../../sim/base/utf8.ts'
import { makeFolders } from '../../sim/docker/files.ts'
import { readdir, readFile, rmdir, unlink, writeFile } from '../../sim/kernel/fs/files.ts'
import type { Kernel } from '../../sim/kernel/kernel.ts'
import type { Process } from '../../sim/kernel/task/types.ts'
import type { World } from '../../sim/world/world.ts'

export interface StoredContext {
  readonly name: string
  readonly description: string
  readonly host: string
}

/** Whose files they are. */
export interface Caller {
  readonly world: World
  readonly kernel: Kernel
  readonly process: Process
}

const home = ({ process }: Caller): string => `${process.env.get('HOME') ?? '/root'}/.docker`
const META = 'contexts/meta'

function folderOf(caller: Caller, name: string): string {
  return `${home(caller)}/${META}/${sha256(encodeUtf8(name))}`
}

/** The object that a file holds; null: no such file, or none in it. */
function readObject(caller: Caller, path: string): { [key: string]: JsonValue } | null {
  const text = readFile(caller.world, caller.kernel, caller.process, path)
  const parsed = text.ok ? parseGoJson(text.value) : text
  if (!parsed.ok || parsed.value === null || typeof parsed.value !== 'object') return null
  return Array.isArray(parsed.value) ? null : parsed.value
}

export function storedContexts(caller: Caller): StoredContext[] {
  const folder = `${home(caller)}/${META}`
  const found = readdir(caller.world, caller.kernel, caller.process, folder)
  if (!found.ok) return []
  return found.value
    .flatMap(([name]) => {
      const meta = readObject(caller, `${folder}/${name}/meta.json`)
      return meta === null ? [] : [understood(meta)]
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function understood(meta: { [key: string]: JsonValue }): StoredContext {
  const inner = (value: JsonValue | undefined, key: string): JsonValue | undefined =>
    value != null && typeof value === 'object' && !Array.isArray(value) ? value[key] : undefined
  return {
    name: String(meta['Name'] ?? ''),
    description: String(inner(meta['Metadata'], 'Description') ?? ''),
    host: String(inner(inner(meta['Endpoints'], 'docker'), 'Host') ?? ''),
  }
}

function put(caller: Caller, path: string, value: JsonValue, indent = 0): void {
  const { world, kernel, process } = caller
  makeFolders(world, kernel, process, path.slice(0, path.lastIndexOf('/')))
  writeFile(world, kernel, process, path, JSON.stringify(value, null, indent === 0 ? undefined : '\t'))
}

export function storeContext(caller: Caller, { name, description, host }: StoredContext): void {
  const metadata: { [key: string]: JsonValue } = description === '' ? {} : { Description: description }
  const endpoints = { docker: { Host: host, SkipTLSVerify: false } }
  put(caller, metaFile(caller, name), { Name: name, Metadata: metadata, Endpoints: endpoints })
}

function metaFile(caller: Caller, name: string): string {
  return `${folderOf(caller, name)}/meta.json`
}

/** Where `inspect` says that it lies. */
export function storagePaths(caller: Caller, name: string): { metadata: string; tls: string } {
  const metadata = folderOf(caller, name)
  return { metadata, tls: metadata.replace(`/${META}/`, '/contexts/tls/') }
}

export function dropContext(caller: Caller, name: string): void {
  const { world, kernel, process } = caller
  unlink(world, kernel, process, metaFile(caller, name))
  rmdir(world, kernel, process, folderOf(caller, name))
}

/** DOCKER_CONTEXT comes before what the file says; DOCKER_HOST makes it the one without a file. */
export function currentContext(caller: Caller): string {
  const { env } = caller.process
  if ((env.get('DOCKER_HOST') ?? '') !== '') return 'default'
  const said =
    env.get('DOCKER_CONTEXT') || readObject(caller, `${home(caller)}/config.json`)?.['currentContext']
  return typeof said === 'string' && said !== '' ? said : 'default'
}

export function setCurrentContext(caller: Caller, name: string): void {
  const path = `${home(caller)}/config.json`
  const { currentContext: _old, ...rest } = readObject(caller, path) ?? {}
  put(caller, path, name === 'default' ? rest : { ...rest, currentContext: name }, 1)
}
