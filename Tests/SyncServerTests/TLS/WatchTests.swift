import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import SyncServer

@Suite struct WatchTests {
    private func watched(_ watch: ConnectionWatch) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: watch)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    @Test func `a connection on which nothing is asked ends, whatever arrives on it`() throws {
        let channel = try watched(ConnectionWatch(limit: .seconds(60)))
        for _ in 0..<64 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try channel.writeInbound(ByteBuffer(bytes: [0]))
            #expect(channel.isActive)
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func `a request keeps its connection as long as it is open`() throws {
        let watch = ConnectionWatch(limit: .seconds(60))
        let channel = try watched(watch)
        watch.requestBegins()
        watch.requestBegins()
        watch.requestEnds()
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(channel.isActive)
        watch.requestEnds()
        channel.embeddedEventLoop.advanceTime(by: .seconds(64))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func `a relay that ends does not wait for a connection on which nothing is asked`() throws {
        let channel = try watched(ConnectionWatch(limit: .hours(1)))
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        #expect(!channel.isActive)
    }

    @Test func `an answer of one of many requests does not say that the connection ends`() throws {
        let channel = EmbeddedChannel(handler: StreamWatch(limit: .seconds(60)))
        try channel.writeOutbound(HTTPResponsePart.head(.init(status: .notFound, headerFields: [.connection: "close", .contentLength: "0"])))
        let part = try #require(try channel.readOutbound(as: HTTPResponsePart.self))
        #expect(part == .head(.init(status: .notFound, headerFields: [.contentLength: "0"])))
    }

    @Test func `a request ends some time after its answer, taken or not`() throws {
        let channel = EmbeddedChannel(handler: StreamWatch(limit: .seconds(60)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeOutbound(HTTPResponsePart.head(.init(status: .ok)))
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(channel.isActive)
        try channel.writeOutbound(HTTPResponsePart.end(nil))
        channel.close(mode: .output, promise: nil)
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(!channel.isActive)
    }
}
