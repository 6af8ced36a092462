import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.minidev.json.JSONValue;

/**
 * Reads JSON lines {path, document} or {path, text}, where text is the document's own JSON; writes {result, text,
 * definite} or {error}. Compiles against json-path 2.0.0 and later.
 */
public class JsonPathOracle {
    static final Configuration DEFAULT = Configuration.defaultConfiguration();

    public static void main(String[] arguments) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode asked = mapper.readTree(line);
            Map<String, Object> answer = new LinkedHashMap<>();
            try {
                String text = asked.has("text") ? asked.get("text").asText() : asked.get("document").toString();
                Object document = DEFAULT.jsonProvider().parse(text);
                JsonPath path = JsonPath.compile(asked.get("path").asText());
                answer.put("definite", path.isDefinite());
                Object result = path.read(document, DEFAULT);
                answer.put("result", result);
                boolean container = result instanceof Map || result instanceof List;
                answer.put("json", container ? DEFAULT.jsonProvider().toJson(result) : JSONValue.toJSONString(result));
                mapper.writeValueAsString(answer);
            } catch (Throwable error) {
                answer.remove("result");
                answer.remove("json");
                answer.put("error", error.getClass().getSimpleName());
                answer.put("message", String.valueOf(error.getMessage()));
            }
            out.println(mapper.writeValueAsString(answer));
            out.flush();
        }
    }
}
