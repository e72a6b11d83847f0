/** An image: what `docker inspect` knows of it, and the name of its frozen file tree. moby image/image.go */

export interface Image {
  /** `sha256:` and 64 hexadecimal digits. */
  readonly id: string
  /** `busybox:latest`; an untagged image has none. */
  tags: string[]
  readonly digest: string | null
  /** Milliseconds since 1970 UTC. */
  readonly createdMs: number
  readonly size: number
  readonly config: ImageConfig
  readonly author: string
  readonly comment: string
  readonly dockerVersion: string
  /** Name of the tree in the catalogue of `kernel/fs`. */
  readonly tree: string
  readonly layers: readonly string[]
  /** Made by `docker commit`: the file system that holds what the container had changed, and the image below. */
  readonly committed?: { readonly filesystem: number; readonly parent: string; readonly container: string }
}

export interface ImageConfig {
  readonly command: readonly string[]
  readonly entrypoint: readonly string[] | null
  readonly env: readonly string[]
  readonly exposedPorts: readonly string[]
  readonly workingDir: string
  readonly user: string
  readonly labels: Readonly<Record<string, string>>
  readonly stopSignal: string | null
  readonly volumes: readonly string[]
}
