// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// A program that measures the engine, in the folder of its name.
func measuring(_ name: String, exclude: [String] = []) -> Target {
    .executableTarget(
        name: name, dependencies: [.product(name: "SyncCore", package: "sync")], path: name, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "sync-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "sync", path: "..")],
    targets: [
        measuring("workloads"),
        measuring("single-pushes"),
        measuring("editing-trace", exclude: ["run.py"]),
        measuring("long-history"),
    ],
    swiftLanguageModes: [.v6]
)
