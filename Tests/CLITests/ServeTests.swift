import Testing

@Suite struct ServeTests {
    #if PostgreSQL
        @Test(arguments: ["mysql://relay:hunter2@host/x", "postgresql://relay:hunter2%zz@host/x"])
        func whatIsNoAddressOfADatabaseIsRefusedWithoutRepeatingIt(_ url: String) throws {
            let sync = try TestEnvironment()
            for ran in [try sync.sync("serve", "--postgres", url), try sync.sync("serve", "--postgres", url, "--json")] {
                #expect(ran.exit == 2)
                #expect(ran.err.contains("no PostgreSQL URL"))
                #expect(!(ran.out + ran.err).contains("hunter2"))
            }
        }
    #else
        @Test func aBuildWithoutPostgreSQLSaysHowToBuildOneWithIt() throws {
            let sync = try TestEnvironment()
            let url = "postgresql://relay:hunter2@host/x"
            let named = try sync.sync("serve", "--postgres", url)
            sync.variables["SYNC_POSTGRES"] = url
            for ran in [named, try sync.sync("serve")] {
                #expect(ran.exit == 2)
                #expect(ran.err.contains("--traits PostgreSQL"))
                #expect(!(ran.out + ran.err).contains("hunter2"))
            }
        }
    #endif
}
