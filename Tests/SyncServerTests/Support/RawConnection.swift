import NIOCore
import NIOPosix
import SyncCore

/// Sends `head` and `body` on a connection of its own and returns all that comes until the relay closes it.
func exchange(port: Int, head: String, body: [UInt8] = []) async throws -> String {
    try await exchange(port: port, head: head) { try await $0.write(ByteBuffer(bytes: body)) }
}

func exchange(
    port: Int, head: String, _ send: (NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> Void
) async throws -> String {
    try await connection(to: port).executeThenClose { inbound, outbound in
        var answer = ""
        // The relay may close before everything was sent.
        do {
            try await outbound.write(ByteBuffer(string: head))
            try await send(outbound)
        } catch let error as SyncError {
            throw error
        } catch {}
        do {
            for try await part in inbound { answer += String(buffer: part) }
        } catch {}
        return answer
    }
}

/// Sends `head` and hands on a reader of what comes, which returns all that came once it holds what is waited for, or once the relay closed
/// the connection.
func listening(
    port: Int, head: String, _ body: (_ read: (_ isEnough: (String) -> Bool) async throws -> String) async throws -> Void
) async throws {
    try await connection(to: port).executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: head))
        var parts = inbound.makeAsyncIterator()
        var text = ""
        try await body { isEnough in
            while !isEnough(text), let part = try await parts.next() { text += String(buffer: part) }
            return text
        }
    }
}

private func connection(to port: Int) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
}
