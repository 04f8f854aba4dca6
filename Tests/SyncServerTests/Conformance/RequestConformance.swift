import SyncCore
import Testing

@testable import SyncServer

extension RelayStoreConformance {
    static let requests: [Check] = [
        Check("requests are left beside a box that takes them, in order and each once") { store, clock in
            let team = try await TestTeam().register(in: store)
            let (id, other) = (MailboxID(high: 1, low: 2), MailboxID(high: 3, low: 4))
            let expires = clock.surroundings.now() + 3_600_000
            #expect(try await store.addRequest([1], to: id) == .noBox)
            #expect(try await store.requests(beside: id, of: team) == nil)
            _ = try await store.putBox([9], id: id, expires: expires, requests: 3, of: team)
            _ = try await store.putBox([9], id: other, expires: expires, requests: 0, of: team)
            #expect(try await store.requests(beside: id, of: team) == [])
            for request: [UInt8] in [[2], [1], [2]] { #expect(try await store.addRequest(request, to: id) == .stored) }
            #expect(try await store.requests(beside: id, of: team) == [[2], [1]])
            #expect(try await store.addRequest([1], to: other) == .noBox)
            #expect(try await store.requests(beside: other, of: team) == [])
            // Putting the same box again changes nothing.
            _ = try await store.putBox([9], id: id, expires: expires, requests: 8, of: team)
            #expect(try await store.addRequest([3], to: id) == .stored)
            #expect(try await store.addRequest([4], to: id) == .full)
            #expect(try await store.addRequest([3], to: id) == .stored)
            #expect(try await store.box(id) == [9])
        },
        Check("requests go with their box") { store, clock in
            let team = try await TestTeam().register(in: store)
            let id = MailboxID(high: 1, low: 2)
            for removes in [true, false] {
                let expires = clock.surroundings.now() + 3_600_000
                _ = try await store.putBox([9], id: id, expires: expires, requests: 1, of: team)
                #expect(try await store.requests(beside: id, of: team) == [])
                _ = try await store.addRequest([1], to: id)
                if removes { try await store.removeBox(id) } else { clock.advance(hours: 1) }
                #expect(try await store.addRequest([1], to: id) == .noBox)
                #expect(try await store.requests(beside: id, of: team) == nil)
            }
            _ = try await store.putBox([9], id: id, expires: clock.surroundings.now() + 1, requests: 0, of: team)
            #expect(try await store.addRequest([1], to: id) == .noBox)
            #expect(try await store.requests(beside: id, of: team) == [])
        },
        Check("another team does not read them") { store, clock in
            let team = try await TestTeam("a").register(in: store)
            let other = try await TestTeam("b").register(in: store)
            let id = MailboxID(high: 1, low: 2)
            _ = try await store.putBox([9], id: id, expires: clock.surroundings.now() + 3_600_000, requests: 1, of: team)
            _ = try await store.addRequest([1], to: id)
            #expect(try await store.requests(beside: id, of: other) == nil)
        },
    ]
}
