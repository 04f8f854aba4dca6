/// Translates positions in what is shown of a text to positions in all that is there.
struct TextPlaces {
    private var stretches: [(length: Int, isShown: Bool)] = []

    mutating func append(_ length: Int, isShown: Bool) {
        if let last = stretches.last, last.isShown == isShown {
            stretches[stretches.count - 1].length += length
        } else {
            stretches.append((length, isShown))
        }
    }

    /// `edit` with its positions translated, and everything that is not shown deleted. Its splices ascend.
    func placed(_ edit: TextEdit) -> TextEdit {
        var result = TextEdit()
        // By how much what was done so far has moved what comes after: in what is shown, and in what is there.
        var moved = (shown: 0, there: 0)
        var stretch = 0
        var behind = (shown: 0, there: 0)

        func removeHidden(upTo shown: Int) {
            while stretch < stretches.count, behind.shown + (stretches[stretch].isShown ? stretches[stretch].length : 0) <= shown {
                let (length, isShown) = stretches[stretch]
                if isShown {
                    behind.shown += length
                } else {
                    result.append(at: behind.there + moved.there, deleting: length, inserting: [])
                    moved.there -= length
                }
                behind.there += length
                stretch += 1
            }
        }

        edit.forEachSplice { splice, inserted in
            // Where it begins and ends in what is shown before the whole edit.
            let start = splice.position - moved.shown
            removeHidden(upTo: start)
            let position = behind.there + (start - behind.shown) + moved.there
            result.append(at: position, deleting: 0, inserting: inserted)
            moved.there += inserted.count
            var rest = splice.deleted
            var at = start
            while rest > 0, stretch < stretches.count {
                let length = min(rest, behind.shown + stretches[stretch].length - at)
                result.append(at: position + inserted.count, deleting: length, inserting: [])
                moved.there -= length
                rest -= length
                at += length
                removeHidden(upTo: at)
            }
            moved.shown += inserted.count - splice.deleted
            return true
        }
        removeHidden(upTo: .max)
        return result
    }
}
