import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

/** Listens on a free loopback port, prints its address, and ends when its standard input does: with the test run. */
public class ServeMongo {
  public static void main(String[] arguments) throws Exception {
    MongoServer server = new MongoServer(new MemoryBackend().version(new SpokenVersion()));
    System.out.println(server.bindAndGetConnectionString());
    while (System.in.read() != -1) {}
    server.shutdownNow();
  }

  /** It announces wire version 8 (MongoDB 4.2); the driver asks for 9 at least. The commands that we send are the same. */
  static class SpokenVersion implements MongoVersion {
    public List<Integer> getVersionArray() {
      return ServerVersion.MONGO_5_0.getVersionArray();
    }

    public int getWireVersion() {
      return 9;
    }
  }
}
