import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads JSON lines {pattern, subject, replacement?}; writes what java.util.regex makes of each. */
public class RegexOracle {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode asked = mapper.readTree(line);
            Map<String, Object> answer = new LinkedHashMap<>();
            try {
                Pattern pattern = Pattern.compile(asked.get("pattern").asText());
                String subject = asked.get("subject").asText();
                answer.put("matches", pattern.matcher(subject).matches());
                List<List<String>> found = new ArrayList<>();
                Matcher matcher = pattern.matcher(subject);
                while (matcher.find()) {
                    List<String> groups = new ArrayList<>();
                    for (int i = 0; i <= matcher.groupCount(); i++) groups.add(matcher.group(i));
                    found.add(groups);
                }
                answer.put("found", found);
                answer.put("split", pattern.split(subject));
                answer.put("split3", pattern.split(subject, 3));
                answer.put("kept", pattern.split(subject, -1));
                if (asked.has("replacement")) {
                    try {
                        answer.put("replaced", pattern.matcher(subject).replaceAll(asked.get("replacement").asText()));
                    } catch (IllegalArgumentException | IndexOutOfBoundsException error) {
                        answer.put("replaced", null);
                    }
                }
            } catch (PatternSyntaxException error) {
                answer.put("error", error.getDescription());
            }
            out.println(mapper.writeValueAsString(answer));
        }
        out.flush();
    }
}
