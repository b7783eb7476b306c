/** Writes a zip archive of a few small files; the connector under test reads it with another program's code. */
import { crc32, deflateRawSync } from 'node:zlib'

export type ZipMember = { readonly name: string; readonly bytes: Buffer }

/** Deflated members, names in UTF-8, every time stamp 1980-01-01: the same members give the same bytes. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, bytes } of members) {
    const packed = deflateRawSync(bytes)
    const written = Buffer.from(name)
    const shared = sharedHeader(bytes, packed, written)
    const local = Buffer.concat([u32(0x04034b50), shared, written, packed])
    directory.push(
      Buffer.concat([u32(0x02014b50), u16(20), shared, u16(0), u16(0), u16(0), u32(0), u32(offset), written]),
    )
    locals.push(local)
    offset += local.length
  }
  const list = Buffer.concat(directory)
  const count = u16(members.length)
  const end = Buffer.concat([
    u32(0x06054b50),
    u16(0),
    u16(0),
    count,
    count,
    u32(list.length),
    u32(offset),
    u16(0),
  ])
  return Buffer.concat([...locals, list, end])
}

/** From the version needed to the length of the extra field, the same in both places. */
function sharedHeader(bytes: Buffer, packed: Buffer, name: Buffer): Buffer {
  return Buffer.concat([
    u16(20),
    u16(0x0800),
    u16(8),
    u16(0),
    u16(0x21),
    u32(crc32(bytes)),
    u32(packed.length),
    u32(bytes.length),
    u16(name.length),
    u16(0),
  ])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}
