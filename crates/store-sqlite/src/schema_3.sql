-- Telephone numbers are kept as E.164. Each contact keeps its address in two places: in itself, and in the
-- signpost that leads to it from the address.
CREATE TEMP TABLE spelled AS
SELECT rowid AS place, collection, address,
    '+' || CASE
        WHEN plain LIKE '+%' THEN substr(plain, 2)
        WHEN plain LIKE '00%' THEN substr(plain, 3)
        ELSE plain
    END AS number
FROM (
    SELECT rowid, collection, address, replace(replace(replace(replace(replace(replace(replace(replace(
        address, ' ', ''), char(160), ''), '(0)', ''), '-', ''), '.', ''), '(', ''), ')', ''), '/', '') AS plain
    FROM (
        SELECT rowid, collection, json_extract(body, '$.address') AS address FROM documents
        WHERE collection = 'contact' AND json_extract(body, '$.channel') = 'whatsapp'
        UNION ALL
        SELECT rowid, collection, substr(id, length('whatsapp:') + 1) FROM documents
        WHERE collection = 'contactSignpost' AND id LIKE 'whatsapp:%'
    )
);
-- What is no number stays as it is.
DELETE FROM spelled
WHERE number = address OR substr(number, 2) GLOB '*[^0-9]*' OR number LIKE '+0%'
    OR length(number) NOT BETWEEN 9 AND 16;

UPDATE documents SET body = json_set(body, '$.address', spelled.number)
FROM spelled WHERE documents.rowid = spelled.place AND spelled.collection = 'contact';
-- Where two contacts have one number in two spellings, its messages go to the one that was found by the number
-- already, or else to the older one.
UPDATE OR IGNORE documents SET
    id = 'whatsapp:' || spelled.number,
    body = json_set(body, '$.id', 'whatsapp:' || spelled.number)
FROM (SELECT * FROM spelled ORDER BY place) AS spelled
WHERE documents.rowid = spelled.place AND spelled.collection = 'contactSignpost';
DELETE FROM documents WHERE collection = 'contactSignpost' AND rowid IN (
    SELECT place FROM spelled WHERE collection = 'contactSignpost' AND documents.id <> 'whatsapp:' || number
);
DROP TABLE spelled;
