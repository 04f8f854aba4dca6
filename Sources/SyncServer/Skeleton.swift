import Hummingbird
import SyncCore
