import Testing
@Test func skeleton() {}
import HummingbirdTesting
