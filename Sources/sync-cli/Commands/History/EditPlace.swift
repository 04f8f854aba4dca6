import SyncCore

/// What people call the place of an edit: `starts`, `organisers.role`, `organisers.4kd2.role` where several items have one, `record`.
struct EditPlace {
    let field: FieldSchema?
    let key: ItemKey?
    /// The map that the field belongs to.
    let map: FieldSchema?

    static let record = "record"

    init(field: FieldSchema?, key: ItemKey?, kind: RecordKind?) {
        (self.field, self.key) = (field, key)
        map = kind.flatMap { kind in field.flatMap { RecordSchema.of(kind).map(of: $0) } }
    }

    /// The field of the record that it is in.
    var whole: FieldSchema? { map ?? field }

    /// `key` is as much of the key as tells it from others; empty where there are none.
    func name(key: String) -> String {
        guard let field else { return Self.record }
        return [map?.name ?? field.name, key, map == nil ? "" : field.name].filter { !$0.isEmpty }.joined(separator: ".")
    }

    /// Whether a person who writes `text` means this place: its field, its item or entry, or the field of its item.
    func isCalled(_ text: String) -> Bool {
        let wanted = text.lowercased().replacing("-", with: "_").split(separator: ".").map(String.init)
        guard let field, let whole else { return wanted == [Self.record] }
        let inner = map == nil ? nil : field.name
        let isKey = { (part: String) in key?.description.hasPrefix(part) ?? false }
        guard wanted.first == whole.name, wanted.count <= 3 else { return false }
        switch wanted.count {
        case 1: return true
        case 2: return isKey(wanted[1]) || inner == wanted[1]
        default: return isKey(wanted[1]) && inner == wanted[2]
        }
    }
}
